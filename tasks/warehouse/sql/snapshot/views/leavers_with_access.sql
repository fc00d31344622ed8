-- roster.leavers_with_access: people who left the company and still hold a seat. One row per (hub, kind, member_id).
with held as (
    select hub, member_kind as kind, member_id, count(*) as assets, count(*) filter (where controls) as controlled
    from roster.access
    group by hub, member_kind, member_id
)

select m.hub, m.kind, m.member_id,
    m.name, -- personal
    m.email, -- personal
    m.role, m.person_id,
    m.person_name, -- personal
    m.person_kind, m.person_status, m.role = 'ADMIN' as is_full_control, coalesce(h.assets, 0) as assets,
    coalesce(h.controlled, 0) as controlled
from roster.members_now as m
left join held as h using (hub, kind, member_id)
where m.tab = 'deprovisioned'
