-- people_by_id: what each source says now of some people, and of who has their primary address. One row per
-- (person_id, source), with the columns of people. Parameters: $ids.
with wanted as (
    select distinct lower(trim(primary_email)) as address
    from people
    where valid_to is null and list_contains($ids::text[], person_id) and primary_email is not null
),

known as (
    select source, person_id, user_name, given_name, family_name, display_name, primary_email, aliases,
        department, title, manager_id, country, kind, status, groups, valid_from as since, valid_to,
        min(valid_from) over (partition by source, person_id) as first_seen
    from people
)

select * exclude (valid_to)
from known
where valid_to is null
    and (list_contains($ids::text[], person_id) or lower(trim(primary_email)) in (select address from wanted))
order by person_id, source
