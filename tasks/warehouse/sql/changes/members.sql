-- changes/members: seats of a hub that differ between $since and $until. One row per (kind, member_id) that came,
-- went or changed. before_ columns are null for who came, after_ columns for who went; before_grants and
-- after_grants count the assets that the seat could do something with. Parameters: $hub, $since, $until.
with touched as (
    select distinct kind, member_id
    from members
    where hub = $hub and (valid_from > $since or valid_to > $since)
),

facts as (
    select kind, member_id, name, first_name, last_name, email, role, title, finance_permission, ip_permission,
        two_fac_status, pending_email, marked_for_removal, status, expires_at, business_role_request_id,
        valid_from <= $until and (valid_to is null or valid_to > $until) as is_now,
        valid_from <= $since and (valid_to is null or valid_to > $since) as was_then
    from members
    semi join touched using (kind, member_id)
    where hub = $hub
),

held as (
    select member_kind as kind, member_id,
        count(*) filter (where valid_from <= $since and (valid_to is null or valid_to > $since)) as before_grants,
        count(*) filter (where valid_from <= $until and (valid_to is null or valid_to > $until)) as after_grants
    from grants
    semi join touched on touched.kind = member_kind and touched.member_id = grants.member_id
    where hub = $hub
    group by member_kind, member_id
)

select kind, member_id,
    b.member_id is not null as was_there, a.member_id is not null as is_there,
    b.name as before_name, a.name as after_name,
    b.first_name as before_first_name, a.first_name as after_first_name,
    b.last_name as before_last_name, a.last_name as after_last_name,
    b.email as before_email, a.email as after_email,
    b.role as before_role, a.role as after_role,
    b.title as before_title, a.title as after_title,
    b.finance_permission as before_finance_permission, a.finance_permission as after_finance_permission,
    b.ip_permission as before_ip_permission, a.ip_permission as after_ip_permission,
    b.two_fac_status as before_two_fac_status, a.two_fac_status as after_two_fac_status,
    b.pending_email as before_pending_email, a.pending_email as after_pending_email,
    b.marked_for_removal as before_marked_for_removal, a.marked_for_removal as after_marked_for_removal,
    b.status as before_status, a.status as after_status,
    b.expires_at as before_expires_at, a.expires_at as after_expires_at,
    b.business_role_request_id as before_business_role_request_id,
    a.business_role_request_id as after_business_role_request_id,
    coalesce(g.before_grants, 0) as before_grants, coalesce(g.after_grants, 0) as after_grants
from (select * exclude (is_now, was_then) from facts where was_then) as b
full outer join (select * exclude (is_now, was_then) from facts where is_now) as a using (kind, member_id)
left join held as g using (kind, member_id)
where b is distinct from a
order by kind, member_id
