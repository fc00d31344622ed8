-- stage/grant_reads: the members whose assigned edge was read to its last page. Parameters: $path, $kind.
insert into raw_grant_reads
select distinct $kind, member_kind, member_id
from read_json($path, format = 'newline_delimited', compression = 'gzip', columns = {
    member_kind: 'varchar', member_id: 'varchar'
})
