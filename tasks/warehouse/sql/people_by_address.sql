-- people_by_address: whose some addresses are, in any case: primary, alias or user name. One row per (address,
-- person_id, source), with the columns of people. Parameters: $addresses, in lower case.
with asked as (
    select unnest($addresses::text[]) as address
),

known as (
    select source, person_id, user_name, given_name, family_name, display_name, primary_email, aliases,
        department, title, manager_id, country, kind, status, groups, valid_from as since, valid_to,
        min(valid_from) over (partition by source, person_id) as first_seen
    from people
),

own as (
    select * exclude (valid_to),
        list_transform(
            list_concat([primary_email, user_name], coalesce(aliases, [])), lambda one: lower(trim(one))
        ) as addresses
    from known
    where valid_to is null
)

select a.address, own.* exclude (addresses)
from own
join asked as a on list_contains(own.addresses, a.address)
order by a.address, person_id, source
