-- changes/assets: assets of a hub that differ between $since and now. One row per (asset_kind, asset_id) that
-- came, went or changed its relation. before_grants and after_grants count the members who could do something
-- with it. An asset that came is left out when its listing was not complete at $since: it may have been there.
-- Parameters: $hub, $since.
with touched as (
    select distinct kind, asset_id
    from hub_assets
    where hub = $hub and (valid_from > $since or valid_to > $since)
),

facts as (
    select kind, asset_id, relation, sharing_business_id, permitted_tasks, valid_to is null as is_now,
        valid_from <= $since and (valid_to is null or valid_to > $since) as was_then
    from hub_assets
    semi join touched using (kind, asset_id)
    where hub = $hub
),

unread as (
    select replace(replace(replace(e.edge, 'owned_', ''), 'client_', ''), 'assigned_', '') as kinds
    from edges as e
    where e.scope = '' and not e.complete and e.check_id = (
        select arg_max(check_id, started_at) from checks where hub = $hub and started_at <= $since
    )
),

held as (
    select asset_kind as kind, g.asset_id,
        count(*) filter (where valid_from <= $since and (valid_to is null or valid_to > $since)) as before_grants,
        count(*) filter (where valid_to is null) as after_grants
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
    and (b.asset_id is not null or kind || 's' not in (select kinds from unread))
order by asset_kind, asset_id
