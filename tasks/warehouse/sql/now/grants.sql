-- now/grants: what grants should say now. One row per (member, asset) of a hub. Parameters: $hub.
-- Needs members merged: who is no member any more has no grants. A grant that is not in the answer stays
-- unless its member's edge was read to the last page. One that was read twice has the tasks of both.
with open_members as (
    select kind as member_kind, member_id
    from members
    where hub = $hub and valid_to is null
),

open_rows as (
    select member_kind, member_id, asset_kind, asset_id, tasks
    from grants
    where hub = $hub and valid_to is null
),

read_rows as (
    select member_kind, member_id, asset_kind, id as asset_id,
        case when count(tasks) > 0 then list_sort(list_distinct(flatten(list(tasks)))) end as tasks
    from raw_grants
    semi join open_members using (member_kind, member_id)
    group by member_kind, member_id, asset_kind, id
)

select $hub as hub, member_kind, member_id, asset_kind, asset_id,
    coalesce(r.tasks, o.tasks, []) as tasks
from read_rows as r
left join open_rows as o using (member_kind, member_id, asset_kind, asset_id)

union all

select $hub as hub, o.member_kind, o.member_id, o.asset_kind, o.asset_id, o.tasks
from open_rows as o
semi join open_members as m using (member_kind, member_id)
anti join read_rows as r using (member_kind, member_id, asset_kind, asset_id)
anti join raw_grant_reads as d using (member_kind, member_id, asset_kind)
