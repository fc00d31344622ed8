-- controllers: who controls some assets now, over all hubs. One row per (asset, hub, member). Parameters:
-- $control_tasks, and the assets: $kinds, $asset_ids, lists of equal length.
with asked as (
    select distinct unnest($kinds::text[]) as asset_kind, unnest($asset_ids::text[]) as asset_id
)

select asset_kind, asset_id, g.hub, g.member_kind, g.member_id, g.tasks
from grants as g
join asked using (asset_kind, asset_id)
where g.valid_to is null and list_has_any(g.tasks, $control_tasks)
order by asset_kind, asset_id, g.hub, g.member_kind, g.member_id
