-- roster.members: every interval of every seat. One row per (hub, kind, member_id, valid_from).
-- The stay is the seat's last one; tab and person are those of its link at the end of the interval, now if open.
with seats as (
    select hub, kind, member_id, stay_id
    from stays
    qualify row_number() over (partition by hub, kind, member_id order by valid_from desc) = 1
)

select m.hub, m.kind, m.member_id, m.name, m.first_name, m.last_name, m.email, m.role, m.title,
    m.finance_permission, m.ip_permission, m.two_fac_status, m.pending_email, m.marked_for_removal, m.status,
    m.created_at at time zone 'UTC' as created_at, m.expires_at at time zone 'UTC' as expires_at,
    m.business_role_request_id, m.created_by, s.stay_id, l.tab, l.person_id,
    m.valid_from at time zone 'UTC' as valid_from, m.valid_to at time zone 'UTC' as valid_to
from members as m
left join seats as s using (hub, kind, member_id)
left join links as l
    on l.hub = m.hub and l.stay_id = s.stay_id
    and (l.valid_to is null or (m.valid_to is not null and l.valid_to > m.valid_from))
    and l.valid_from < coalesce(m.valid_to, 'infinity'::timestamptz)
qualify row_number() over (
    partition by m.hub, m.kind, m.member_id, m.valid_from, m.valid_to order by l.valid_from desc
) = 1
order by m.hub, m.kind, m.member_id, m.valid_from
