-- roster.members_now: the seats that are held now, with the person. One row per (hub, kind, member_id).
-- Here and below: the masked snapshot leaves out the lines that end in "personal".
select m.hub, m.kind, m.member_id,
    m.name, -- personal
    m.email, -- personal
    m.role, m.finance_permission, m.two_fac_status, m.status, m.created_at, m.expires_at, m.stay_id, m.tab,
    person_id,
    p.display_name as person_name, -- personal
    p.primary_email as person_email, -- personal
    p.kind as person_kind, p.status as person_status, m.valid_from as since
from roster.members as m
left join roster.people_now as p using (person_id)
where m.valid_to is null
