-- people_by_address: whose some addresses are, in any case: primary, alias or user name. One row per (address,
-- person_id, source). Parameters: $addresses, in lower case.
with asked as (
    select unnest($addresses::text[]) as address
),

own as (
    select person_id, source, display_name, primary_email, kind, status,
        list_transform(
            list_concat([primary_email, user_name], coalesce(aliases, [])), lambda one: lower(trim(one))
        ) as addresses
    from people
    where valid_to is null
)

select a.address, person_id, source, display_name, primary_email, kind, status
from own
join asked as a on list_contains(own.addresses, a.address)
order by a.address, person_id, source
