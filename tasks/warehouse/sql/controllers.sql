-- controllers: who controls some assets now, over all hubs. One row per (asset, hub, member); has_left: the person
-- linked to the seat has left the company. Parameters: $control_tasks, and the assets: $kinds, $asset_ids, lists of
-- equal length.
with asked as (
    select distinct unnest($kinds::text[]) as asset_kind, unnest($asset_ids::text[]) as asset_id
),

left_seats as (
    select distinct s.hub, s.kind as member_kind, s.member_id, true as has_left
    from stays as s
    join links as l on l.hub = s.hub and l.stay_id = s.stay_id and l.valid_to is null and l.outcome = 'matched'
    join people as p on p.person_id = l.person_id and p.valid_to is null and p.status = 'deprovisioned'
    where s.valid_to is null
)

select asset_kind, asset_id, g.hub, member_kind, member_id, g.tasks, coalesce(has_left, false) as has_left
from grants as g
join asked using (asset_kind, asset_id)
left join left_seats using (hub, member_kind, member_id)
where g.valid_to is null and list_has_any(g.tasks, $control_tasks)
order by asset_kind, asset_id, hub, member_kind, member_id
