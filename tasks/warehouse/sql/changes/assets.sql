-- changes/assets: assets of a hub that differ between $since and $until. One row per (asset_kind, asset_id) that
-- came, went or changed its relation. before_grants and after_grants count the members who could do something
-- with it. An asset that came, or was seen through a grant only, is left out when the edge that shows it now was
-- not complete at $since: it may have been there. Parameters: $hub, $since, $until.
with touched as (
    select distinct kind, asset_id
    from hub_assets
    where hub = $hub and (valid_from > $since or valid_to > $since)
),

facts as (
    select kind, asset_id, relation, sharing_business_id, permitted_tasks,
        valid_from <= $until and (valid_to is null or valid_to > $until) as is_now,
        valid_from <= $since and (valid_to is null or valid_to > $since) as was_then
    from hub_assets
    semi join touched using (kind, asset_id)
    where hub = $hub
),

unread as (
    select edge
    from edges
    where scope = '' and not complete and check_id = (
        select arg_max(check_id, started_at) from checks where hub = $hub and started_at <= $since
    )
),

held as (
    select asset_kind as kind, g.asset_id,
        count(*) filter (where valid_from <= $since and (valid_to is null or valid_to > $since)) as before_grants,
        count(*) filter (where valid_from <= $until and (valid_to is null or valid_to > $until)) as after_grants
    from grants as g
    semi join touched on touched.kind = asset_kind and touched.asset_id = g.asset_id
    where hub = $hub
    group by asset_kind, g.asset_id
),

named as (
    select kind, asset_id, arg_max(name, valid_from) as asset_name
    from assets
    semi join touched using (kind, asset_id)
    group by kind, asset_id
)

select kind as asset_kind, asset_id, n.asset_name,
    b.asset_id is not null as was_there, a.asset_id is not null as is_there,
    b.relation as before_relation, a.relation as after_relation,
    b.sharing_business_id as before_sharing_business_id, a.sharing_business_id as after_sharing_business_id,
    b.permitted_tasks as before_permitted_tasks, a.permitted_tasks as after_permitted_tasks,
    coalesce(g.before_grants, 0) as before_grants, coalesce(g.after_grants, 0) as after_grants
from (select * exclude (is_now, was_then) from facts where was_then) as b
full outer join (select * exclude (is_now, was_then) from facts where is_now) as a using (kind, asset_id)
left join held as g using (kind, asset_id)
left join named as n using (kind, asset_id)
where b is distinct from a
    and not (a.asset_id is not null and coalesce(b.relation, 'seen') = 'seen' and exists (
        select 1 from unread
        where case a.relation
            when 'owned' then edge in ('owned_' || kind || 's', kind || 's')  -- asset groups are all owned
            when 'client' then edge = 'client_' || kind || 's'
            else ends_with(edge, kind || 's')
        end
    ))
order by asset_kind, asset_id
