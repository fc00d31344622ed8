-- now/members: what members should say now. One row per (kind, member_id) of a hub. Parameters: $hub.
-- A field that Meta left out keeps what is known: omitted is unknown, not empty. A seat that is not in the
-- answer stays as long as its edge was not read to the last page.
with open_rows as (
    select kind, member_id, name, first_name, last_name, email, role, title, finance_permission, ip_permission,
        two_fac_status, pending_email, marked_for_removal, status, created_at, expires_at,
        business_role_request_id, created_by
    from members
    where hub = $hub and valid_to is null
),

read_rows as (
    select kind, id as member_id, name, first_name, last_name, email, role, title, finance_permission,
        ip_permission, two_fac_status, pending_email,
        try_cast(marked_for_removal as boolean) as marked_for_removal, status,
        try_cast(created_time as timestamptz) as created_at,
        try_cast(expiration_time as timestamptz) as expires_at,
        business_role_request as business_role_request_id, created_by
    from raw_members
    qualify row_number() over (
        partition by kind, id
        order by role, name, email, title, status, first_name, last_name, finance_permission, ip_permission,
            two_fac_status, pending_email, marked_for_removal, created_time, expiration_time,
            business_role_request, created_by
    ) = 1
)

select $hub as hub, kind, member_id,
    coalesce(r.name, o.name) as name,
    coalesce(r.first_name, o.first_name) as first_name,
    coalesce(r.last_name, o.last_name) as last_name,
    coalesce(r.email, o.email) as email,
    coalesce(r.role, o.role) as role,
    coalesce(r.title, o.title) as title,
    coalesce(r.finance_permission, o.finance_permission) as finance_permission,
    coalesce(r.ip_permission, o.ip_permission) as ip_permission,
    coalesce(r.two_fac_status, o.two_fac_status) as two_fac_status,
    coalesce(r.pending_email, o.pending_email) as pending_email,
    coalesce(r.marked_for_removal, o.marked_for_removal) as marked_for_removal,
    coalesce(r.status, o.status) as status,
    coalesce(r.created_at, o.created_at) as created_at,
    coalesce(r.expires_at, o.expires_at) as expires_at,
    coalesce(r.business_role_request_id, o.business_role_request_id) as business_role_request_id,
    coalesce(r.created_by, o.created_by) as created_by
from read_rows as r
left join open_rows as o using (kind, member_id)

union all

select $hub as hub, o.kind, o.member_id, o.name, o.first_name, o.last_name, o.email, o.role, o.title,
    o.finance_permission, o.ip_permission, o.two_fac_status, o.pending_email, o.marked_for_removal, o.status,
    o.created_at, o.expires_at, o.business_role_request_id, o.created_by
from open_rows as o
anti join read_rows as r using (kind, member_id)
where o.kind not in (select kind from raw_closing where family = 'members')
