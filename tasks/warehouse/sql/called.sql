-- called: how the people of a source were called in its last accepted read, and their status. One row per person_id. Parameters: $source.
select person_id, display_name, primary_email, status
from people
where source = $source and valid_to is null and status <> 'missing'
order by person_id
