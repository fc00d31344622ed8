-- stage/partners: the rows of one edge of partner businesses. Parameters: $path, $kind.
insert into raw_partners
select $kind, id, name
from read_json($path, format = 'newline_delimited', compression = 'gzip', columns = {
    id: 'varchar', name: 'varchar'
})
where id is not null
