-- changes/grants: grants of a hub that differ between $since and $until. One row per (member, asset). A grant whose
-- member or asset came or went is left out: that is one change, with the grants counted on it. So is a grant
-- that appeared where the member's assigned edge was not complete at $since: it may have been there.
-- Parameters: $hub, $since, $until.
with touched as (
    select distinct member_kind, member_id, asset_kind, asset_id
    from grants
    where hub = $hub and (valid_from > $since or valid_to > $since)
),

facts as (
    select member_kind, member_id, asset_kind, asset_id, tasks,
        valid_from <= $until and (valid_to is null or valid_to > $until) as is_now,
        valid_from <= $since and (valid_to is null or valid_to > $since) as was_then
    from grants
    semi join touched using (member_kind, member_id, asset_kind, asset_id)
    where hub = $hub
),

-- one row per edge that was not complete: `scopes` are the members concerned, none when it was not read at all
unread as (
    select edge, list(scope) filter (where scope <> '') as scopes
    from edges
    where not complete and check_id = (
        select arg_max(check_id, started_at) from checks where hub = $hub and started_at <= $since
    )
    group by edge
),

lasting_members as (
    select kind as member_kind, member_id
    from members
    where hub = $hub
    group by kind, member_id
    having bool_or(valid_from <= $until and (valid_to is null or valid_to > $until))
        and bool_or(valid_from <= $since and (valid_to is null or valid_to > $since))
),

lasting_assets as (
    select kind as asset_kind, asset_id
    from hub_assets
    where hub = $hub
    group by kind, asset_id
    having bool_or(valid_from <= $until and (valid_to is null or valid_to > $until))
        and bool_or(valid_from <= $since and (valid_to is null or valid_to > $since))
),

named as (
    select kind as asset_kind, asset_id, name as asset_name
    from assets
    where valid_to is null
)

select member_kind, member_id, asset_kind, asset_id, n.asset_name,
    b.asset_id is not null as was_there, a.asset_id is not null as is_there,
    b.tasks as before_tasks, a.tasks as after_tasks
from (select * exclude (is_now, was_then) from facts where was_then) as b
full outer join (select * exclude (is_now, was_then) from facts where is_now) as a
    using (member_kind, member_id, asset_kind, asset_id)
semi join lasting_members using (member_kind, member_id)
semi join lasting_assets using (asset_kind, asset_id)
left join named as n using (asset_kind, asset_id)
where b is distinct from a
    and (b.asset_id is not null or not exists (
        select 1 from unread as u
        where u.edge = 'assigned_' || asset_kind || 's'
            and (u.scopes is null or list_has_any(u.scopes, [member_kind || ':' || member_id, member_kind || ':*']))
    ))
order by member_kind, member_id, asset_kind, asset_id
