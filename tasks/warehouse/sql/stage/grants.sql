-- stage/grants: the rows of one assigned edge. Parameters: $path, $kind (of the asset).
insert into raw_grants
select $kind, member_kind, member_id, id, name, tasks
from read_json($path, format = 'newline_delimited', compression = 'gzip', columns = {
    member_kind: 'varchar', member_id: 'varchar', id: 'varchar', name: 'varchar', tasks: 'varchar[]'
})
where member_kind is not null and member_id is not null and id is not null
