-- people: the directory now, the missing included. One row per (source, person_id). No parameters.
-- since: when the row's facts began, so for a missing person when the absence did; first_seen: when the source first
-- had that id.
select source, person_id, user_name, given_name, family_name, display_name, primary_email, aliases, department,
    title, manager_id, country, kind, status, groups, valid_from as since,
    min(valid_from) over (partition by source, person_id) as first_seen
from people
qualify valid_to is null
order by source, person_id
