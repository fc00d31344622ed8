-- directory_read: how many sources of the directory a check read and accepted. One row. Parameters: $check_id.
select count(*) filter (where accepted) as sources
from directory_reads
where check_id = $check_id
