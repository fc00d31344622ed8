-- members: the seats of a hub now. One row per (kind, member_id). Parameters: $hub, $control_tasks.
-- since: when the row's facts began; first_seen_at: when the seat was first seen, in any interval;
-- name_changed: whether it has had another name; grants, control_grants: assets it may do something with, or control; managing_grants: more of them, with any
-- task that Meta calls managing, for where too many are better than too few.
with history as (
    select kind, member_id, min(valid_from) as first_seen_at, count(distinct coalesce(name, '')) > 1 as name_changed
    from members
    where hub = $hub
    group by kind, member_id
),

held as (
    select member_kind as kind, member_id, count(*) as grants,
        count(*) filter (where list_has_any(tasks, $control_tasks)) as control_grants,
        count(*) filter (
            where len(list_filter(tasks, lambda task: contains(task, 'MANAGE') or contains(task, 'FULL_CONTROL'))) > 0
        ) as managing_grants
    from grants
    where hub = $hub and valid_to is null
    group by member_kind, member_id
)

select m.hub, kind, member_id, m.name, m.first_name, m.last_name, m.email, m.role, m.title,
    m.finance_permission, m.ip_permission, m.two_fac_status, m.pending_email, m.marked_for_removal, m.status,
    m.created_at, m.expires_at, m.business_role_request_id, m.created_by, m.valid_from as since,
    h.first_seen_at, h.name_changed, coalesce(g.grants, 0) as grants,
    coalesce(g.control_grants, 0) as control_grants, coalesce(g.managing_grants, 0) as managing_grants
from members as m
join history as h using (kind, member_id)
left join held as g using (kind, member_id)
where m.hub = $hub and m.valid_to is null
order by kind, member_id
