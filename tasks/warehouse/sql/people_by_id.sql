-- people_by_id: what the directory says now of some people. One row per (person_id, source). Parameters: $ids.
select person_id, source, display_name, primary_email, kind, status
from people
where valid_to is null and list_contains($ids::text[], person_id)
order by person_id, source
