-- stage/closing: what may be closed. Parameters: $families, $kinds, $relations, lists of equal length.
insert into raw_closing
select unnest($families::text[]), unnest($kinds::text[]), unnest($relations::text[])
