-- roster.access_could_take: what members with Full control of a hub could grant themselves: assets that it owns
-- and on which they have no grant. One row per (hub, member, asset).
select m.hub, m.kind as member_kind, m.member_id,
    m.name as member_name, -- personal
    m.role, m.tab, m.person_id, h.kind as asset_kind, h.asset_id, a.name as asset_name, 'could_take' as access
from roster.members as m
join roster.hub_assets as h on h.hub = m.hub and h.relation = 'owned' and h.valid_to is null
left join roster.assets as a on a.kind = h.kind and a.asset_id = h.asset_id and a.valid_to is null
anti join roster.access as d
    on d.hub = m.hub and d.member_kind = m.kind and d.member_id = m.member_id
    and d.asset_kind = h.kind and d.asset_id = h.asset_id
where m.valid_to is null and m.role = 'ADMIN' and m.kind <> 'pending'
