-- now/assets: what assets should say now. One row per (kind, asset_id), over all hubs. No parameters.
-- Needs hub_assets merged: an asset stays as long as any hub sees it. Listings outrank the names in grants.
with open_rows as (
    select kind, asset_id, name, owner_business_id, owner_business_name, status
    from assets
    where valid_to is null
),

listed as (
    select kind, id as asset_id, max(name) as name, max(owner_business) as owner_business_id,
        max(owner_business_name) as owner_business_name, max(status) as status
    from raw_assets
    group by kind, id
),

granted as (
    select asset_kind as kind, id as asset_id, max(name) as name
    from raw_grants
    group by asset_kind, id
)

select kind, asset_id,
    coalesce(l.name, g.name, o.name) as name,
    coalesce(l.owner_business_id, o.owner_business_id) as owner_business_id,
    coalesce(l.owner_business_name, o.owner_business_name) as owner_business_name,
    coalesce(l.status, o.status) as status
from (select distinct kind, asset_id from hub_assets where valid_to is null) as present
left join listed as l using (kind, asset_id)
left join granted as g using (kind, asset_id)
left join open_rows as o using (kind, asset_id)
