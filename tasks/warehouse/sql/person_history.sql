-- person_history: what each source said of some people, and when. One row per (source, person_id, valid_from), the
-- newest of each source first. Parameters: $ids.
select source, person_id, display_name, primary_email, user_name, aliases, department, title, kind, status,
    valid_from, valid_to
from people
where list_contains($ids::text[], person_id)
order by source, person_id, valid_from desc
