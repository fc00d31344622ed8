-- stage/assets: the rows of one edge of assets. Parameters: $path, $kind, $relation.
insert into raw_assets
select $kind, $relation, id, name, owner_business, owner_business_name, status, permitted_tasks
from read_json($path, format = 'newline_delimited', compression = 'gzip', columns = {
    id: 'varchar', name: 'varchar', owner_business: 'varchar', owner_business_name: 'varchar',
    status: 'varchar', permitted_tasks: 'varchar[]'
})
where id is not null
