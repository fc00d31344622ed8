-- member_before: a member as it was last seen, there or gone. One row per kind. Parameters: $hub, $member_id.
select m.kind, m.member_id, m.name, m.email, m.role, m.finance_permission, m.ip_permission, s.stay_id,
    l.person_id, m.valid_to
from members as m
left join stays as s on s.hub = m.hub and s.kind = m.kind and s.member_id = m.member_id
left join links as l on l.hub = m.hub and l.stay_id = s.stay_id and l.outcome = 'matched'
where m.hub = $hub and m.member_id = $member_id
qualify row_number() over (
    partition by m.kind order by m.valid_from desc, s.valid_from desc, l.valid_from desc
) = 1
order by m.kind
