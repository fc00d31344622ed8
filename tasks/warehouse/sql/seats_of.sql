-- seats_of: the seats that some people hold now, in every hub. One row per (hub, kind, member_id). Parameters: $ids.
select l.person_id, m.hub, m.kind, m.member_id, m.name, m.email, m.role, l.rule, l.tab, l.valid_from as since
from links as l
join stays as s on s.hub = l.hub and s.stay_id = l.stay_id and s.valid_to is null
join members as m on m.hub = s.hub and m.kind = s.kind and m.member_id = s.member_id and m.valid_to is null
where l.valid_to is null and l.outcome = 'matched' and list_contains($ids::text[], l.person_id)
order by m.hub, m.kind desc, m.name, m.member_id
