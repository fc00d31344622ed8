-- roster.hub_assets: which hub saw which asset, and as what. One row per (hub, kind, asset_id, valid_from).
select hub, kind, asset_id, relation, sharing_business_id, permitted_tasks,
    valid_from at time zone 'UTC' as valid_from, valid_to at time zone 'UTC' as valid_to
from hub_assets
order by hub, kind, asset_id, valid_from
