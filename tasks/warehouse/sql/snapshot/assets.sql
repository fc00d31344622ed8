-- roster.assets: every interval of every asset, over all hubs. One row per (kind, asset_id, valid_from).
select kind, asset_id, name, owner_business_id, owner_business_name, status,
    valid_from at time zone 'UTC' as valid_from, valid_to at time zone 'UTC' as valid_to
from assets
order by kind, asset_id, valid_from
