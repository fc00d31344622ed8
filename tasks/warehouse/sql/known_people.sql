-- known_people: what each source says now of some people, and of who has their primary address, in short. One
-- row per (person_id, source): source, person_id, kind, status, display_name, primary_email. Parameters: $ids.
with wanted as (
    select list(lower(trim(primary_email))) as addresses
    from people
    where valid_to is null and list_contains($ids::text[], person_id)
)

select source, person_id, kind, status, display_name, primary_email
from people
cross join wanted
where valid_to is null
    and (list_contains($ids::text[], person_id) or list_contains(addresses, lower(trim(primary_email))))
order by person_id, source
