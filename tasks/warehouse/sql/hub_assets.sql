-- hub_assets: the assets that a hub sees now. One row per (kind, asset_id). Parameters: $hub.
-- holders: how many members have been given something on it.
with held as (
    select asset_kind as kind, asset_id, count(*) as holders
    from grants
    where hub = $hub and valid_to is null
    group by asset_kind, asset_id
)

select h.kind, h.asset_id, a.name, h.relation, coalesce(g.holders, 0) as holders
from hub_assets as h
left join assets as a on a.kind = h.kind and a.asset_id = h.asset_id and a.valid_to is null
left join held as g on g.kind = h.kind and g.asset_id = h.asset_id
where h.hub = $hub and h.valid_to is null
order by h.kind, h.asset_id
