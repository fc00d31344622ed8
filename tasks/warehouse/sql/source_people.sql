-- source_people: how many people of a source have which status now. One row per (kind, status). Parameters: $source.
select kind, status, count(*) as people
from people
where source = $source and valid_to is null
group by kind, status
order by kind, status
