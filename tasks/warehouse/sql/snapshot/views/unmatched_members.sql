-- roster.unmatched_members: seats that belong to nobody we know, with the best candidate. One row per
-- (hub, kind, member_id).
with best as (
    select hub, stay_id, person_id as candidate_id, posterior
    from roster.candidates
    where valid_to is null and rank = 1
)

select m.hub, m.kind, m.member_id,
    m.name, -- personal
    m.email, -- personal
    m.role, m.since, b.candidate_id,
    p.display_name as candidate_name, -- personal
    b.posterior
from roster.members_now as m
left join best as b using (hub, stay_id)
left join roster.people_now as p on p.person_id = b.candidate_id
where m.tab = 'unmatched'
