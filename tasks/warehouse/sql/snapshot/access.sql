-- roster.access: who may do what now, wide. One row per (hub, member, asset) with a grant of its own.
-- known_people: as in people_now.sql.
select g.hub, g.member_kind, g.member_id, m.name as member_name, m.email as member_email, m.role, l.tab,
    l.person_id, p.display_name as person_name, p.primary_email as person_email,
    p.department as person_department, p.kind as person_kind, p.status as person_status,
    g.asset_kind, g.asset_id, a.name as asset_name, h.relation, a.owner_business_id, a.owner_business_name,
    g.tasks, list_has_any(g.tasks, $control_tasks) as controls, 'direct' as access,
    g.valid_from at time zone 'UTC' as since
from grants as g
join members as m
    on m.hub = g.hub and m.kind = g.member_kind and m.member_id = g.member_id and m.valid_to is null
left join stays as s
    on s.hub = g.hub and s.kind = g.member_kind and s.member_id = g.member_id and s.valid_to is null
left join links as l on l.hub = s.hub and l.stay_id = s.stay_id and l.valid_to is null
left join known_people as p using (person_id)
left join assets as a on a.kind = g.asset_kind and a.asset_id = g.asset_id and a.valid_to is null
left join hub_assets as h
    on h.hub = g.hub and h.kind = g.asset_kind and h.asset_id = g.asset_id and h.valid_to is null
where g.valid_to is null
order by g.hub, g.member_kind, g.member_id, g.asset_kind, g.asset_id
