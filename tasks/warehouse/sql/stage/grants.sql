-- stage/grants: the rows of the assigned edges.
-- Parameters: $paths, $kinds (of the assets), lists of equal length.
insert into raw_grants
select $kinds[list_position($paths, filename)], member_kind, member_id, id, name, tasks
from read_json($paths, format = 'newline_delimited', compression = 'gzip', filename = true, columns = {
    member_kind: 'varchar', member_id: 'varchar', id: 'varchar', name: 'varchar', tasks: 'varchar[]'
})
where member_kind is not null and member_id is not null and id is not null
