-- last_accepted: the last accepted read of a directory source. At most one row. Parameters: $source.
select read_id, source, read_at, made_at, people, digest
from directory_reads
where source = $source and accepted
order by read_at desc, made_at desc
limit 1
