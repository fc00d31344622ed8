-- stage/assets: the rows of the edges of assets.
-- Parameters: $paths, $kinds, $relations, lists of equal length.
insert into raw_assets
select $kinds[list_position($paths, filename)], $relations[list_position($paths, filename)], id, name,
    owner_business, owner_business_name, status, permitted_tasks
from read_json($paths, format = 'newline_delimited', compression = 'gzip', filename = true, columns = {
    id: 'varchar', name: 'varchar', owner_business: 'varchar', owner_business_name: 'varchar',
    status: 'varchar', permitted_tasks: 'varchar[]'
})
where id is not null
