-- stage/partners: the rows of the edges of partner businesses.
-- Parameters: $paths, $kinds, lists of equal length.
insert into raw_partners
select $kinds[list_position($paths, filename)], id, name
from read_json($paths, format = 'newline_delimited', compression = 'gzip', filename = true, columns = {
    id: 'varchar', name: 'varchar'
})
where id is not null
