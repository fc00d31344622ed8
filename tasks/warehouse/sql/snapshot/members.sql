-- roster.members: every interval of every seat. One row per (hub, kind, member_id, valid_from).
-- An interval is cut where tab or person became another, so that on any day a row says who the seat was then.
-- The stay is the seat's last one.
with seats as (
    select hub, kind, member_id, stay_id
    from stays
    qualify row_number() over (partition by hub, kind, member_id order by valid_from desc) = 1
),

turns as (
    select hub, stay_id, tab, person_id, valid_from as turned_at
    from links
    qualify (tab, person_id) is distinct from lag((tab, person_id)) over (
        partition by hub, stay_id order by valid_from
    )
),

pieces as (
    select hub, kind, member_id, valid_from as began_at, valid_from as at
    from members
    union all
    select m.hub, m.kind, m.member_id, m.valid_from, t.turned_at
    from members as m
    join seats as s using (hub, kind, member_id)
    join turns as t on t.hub = s.hub and t.stay_id = s.stay_id
    where t.turned_at > m.valid_from and t.turned_at < coalesce(m.valid_to, 'infinity'::timestamptz)
)

select m.hub, m.kind, m.member_id, m.name, m.first_name, m.last_name, m.email, m.role, m.title,
    m.finance_permission, m.ip_permission, m.two_fac_status, m.pending_email, m.marked_for_removal, m.status,
    m.created_at at time zone 'UTC' as created_at, m.expires_at at time zone 'UTC' as expires_at,
    m.business_role_request_id, m.created_by, s.stay_id, t.tab, t.person_id,
    p.at at time zone 'UTC' as valid_from,
    lead(p.at, 1, m.valid_to) over (
        partition by p.hub, p.kind, p.member_id, p.began_at order by p.at
    ) at time zone 'UTC' as valid_to
from pieces as p
join members as m
    on m.hub = p.hub and m.kind = p.kind and m.member_id = p.member_id and m.valid_from = p.began_at
left join seats as s on s.hub = p.hub and s.kind = p.kind and s.member_id = p.member_id
asof left join turns as t on t.hub = s.hub and t.stay_id = s.stay_id and p.at >= t.turned_at
order by p.hub, p.kind, p.member_id, p.at
