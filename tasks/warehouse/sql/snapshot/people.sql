-- roster.people: every interval of every entry of the directory. One row per (source, person_id, valid_from).
select source, person_id, user_name, given_name, family_name, display_name, primary_email, aliases, department,
    title, manager_id, country, kind, status, groups,
    valid_from at time zone 'UTC' as valid_from, valid_to at time zone 'UTC' as valid_to
from people
order by source, person_id, valid_from
