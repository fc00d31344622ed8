-- stage/grant_reads: the members whose assigned edges were read to their last page.
-- Parameters: $paths, $kinds, lists of equal length.
insert into raw_grant_reads
select distinct $kinds[list_position($paths, filename)], member_kind, member_id
from read_json($paths, format = 'newline_delimited', compression = 'gzip', filename = true, columns = {
    member_kind: 'varchar', member_id: 'varchar'
})
