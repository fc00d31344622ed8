-- people_by_address: whose some addresses are, in any case: primary, alias or user name. One row per (address,
-- person_id): address, person_id. Parameters: $addresses, in lower case.
with own as (
    select person_id,
        list_transform(
            list_concat([primary_email, user_name], coalesce(aliases, [])), lambda one: lower(trim(one))
        ) as addresses
    from people
    where valid_to is null
)

select distinct asked.address, own.person_id
from own
join (select unnest($addresses::text[]) as address) as asked on list_contains(own.addresses, asked.address)
order by asked.address, own.person_id
