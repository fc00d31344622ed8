-- now/people: what people should say now. One row per (source, person_id).
-- Parameters: $source, $absence, $read_at, $made_at; `raw_people` is an accepted read of that source.
-- Who is absent is missing. Where absence means "left", two accepted reads without the person make it a departure
-- (design §5), when they and the files they read are at least 20 hours apart: one bad export that is read twice is
-- one witness. A departure that was stated stays one when the entry is deleted.
with open_rows as (
    select person_id, user_name, given_name, family_name, display_name, primary_email, aliases, department,
        title, manager_id, country, kind, status, groups, valid_from
    from people
    where source = $source and valid_to is null
),

read_rows as (
    select person_id, user_name, given_name, family_name, display_name, primary_email, aliases, department,
        title, manager_id, country, coalesce(kind, 'employee') as kind, coalesce(status, 'active') as status,
        groups
    from raw_people
    where person_id is not null
    qualify row_number() over (
        partition by person_id order by status, primary_email, display_name, user_name
    ) = 1
),

first_absence as (
    select o.person_id, min(d.read_at) as read_at, min(d.made_at) as made_at
    from open_rows as o
    join directory_reads as d on d.source = $source and d.accepted
    join checks as c on c.check_id = d.check_id and c.started_at >= o.valid_from
    where $absence = 'left' and o.status = 'missing'
    group by o.person_id
)

select $source as source, person_id, user_name, given_name, family_name, display_name, primary_email, aliases,
    department, title, manager_id, country, kind, status, groups
from read_rows

union all

select $source as source, o.person_id, o.user_name, o.given_name, o.family_name, o.display_name,
    o.primary_email, o.aliases, o.department, o.title, o.manager_id, o.country, o.kind,
    case
        when o.status = 'deprovisioned' then 'deprovisioned'
        when a.read_at <= $read_at - interval 20 hours and a.made_at <= $made_at - interval 20 hours
            then 'deprovisioned'
        else 'missing'
    end as status,
    o.groups
from open_rows as o
anti join read_rows as r using (person_id)
left join first_absence as a using (person_id)
