-- count_missing: how many people of a source are missing from it. Parameters: $source.
select count(*) from people where source = $source and valid_to is null and status = 'missing'
