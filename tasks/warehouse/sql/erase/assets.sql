-- erase/assets: the assets that no other hub ever saw. Parameters: $hub.
with seen as (
    select hub, kind, asset_id from hub_assets
    union all
    select hub, asset_kind, asset_id from grants
)

delete from assets
where (kind, asset_id) in (select (kind, asset_id) from seen where hub = $hub)
    and (kind, asset_id) not in (select (kind, asset_id) from seen where hub <> $hub)
