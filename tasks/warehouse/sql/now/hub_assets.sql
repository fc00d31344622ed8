-- now/hub_assets: what hub_assets should say now. One row per (kind, asset_id) of a hub. Parameters: $hub.
-- Needs grants merged. Of several things to say the first of `claims` holds: owned as read, owned and not
-- known to be gone, client likewise, seen through a grant, seen and not known to be gone.
with open_rows as (
    select kind, asset_id, relation, sharing_business_id, permitted_tasks
    from hub_assets
    where hub = $hub and valid_to is null
),

read_rows as (
    select kind, id as asset_id, relation,
        case when relation = 'client' then max(owner_business) end as sharing_business_id,
        case when relation = 'client' then list_sort(list_distinct(max(permitted_tasks))) end as permitted_tasks
    from raw_assets
    group by kind, id, relation
),

kept as (
    select o.kind, o.asset_id, o.relation, o.sharing_business_id, o.permitted_tasks
    from open_rows as o
    anti join (select kind, relation from raw_closing where family = 'hub_assets') as c using (kind, relation)
),

claims as (
    select case r.relation when 'owned' then 1 else 3 end as place, kind, asset_id, r.relation,
        coalesce(r.sharing_business_id, o.sharing_business_id) as sharing_business_id,
        coalesce(r.permitted_tasks, o.permitted_tasks) as permitted_tasks
    from read_rows as r
    left join open_rows as o using (kind, asset_id, relation)
    union all
    select case relation when 'owned' then 2 when 'client' then 4 else 6 end, kind, asset_id, relation,
        sharing_business_id, permitted_tasks
    from kept
    union all
    select distinct 5, asset_kind, asset_id, 'seen', null::text, null::text[]
    from grants
    where hub = $hub and valid_to is null
)

select $hub as hub, kind, asset_id, relation, sharing_business_id, permitted_tasks
from claims
qualify row_number() over (partition by kind, asset_id order by place) = 1
