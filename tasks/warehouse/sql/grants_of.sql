-- grants_of: what some members of a hub may do now. One row per (member, asset). Parameters: $hub,
-- $control_tasks, and the members: $kinds, $member_ids, lists of equal length.
with asked as (
    select distinct unnest($kinds::text[]) as member_kind, unnest($member_ids::text[]) as member_id
)

select g.hub, member_kind, member_id, g.asset_kind, g.asset_id, a.name as asset_name, h.relation,
    a.owner_business_id, a.owner_business_name, g.tasks, list_has_any(g.tasks, $control_tasks) as controls,
    g.valid_from as since
from grants as g
join asked using (member_kind, member_id)
left join assets as a on a.kind = g.asset_kind and a.asset_id = g.asset_id and a.valid_to is null
left join hub_assets as h
    on h.hub = g.hub and h.kind = g.asset_kind and h.asset_id = g.asset_id and h.valid_to is null
where g.hub = $hub and g.valid_to is null
order by member_kind, member_id, g.asset_kind, g.asset_id
