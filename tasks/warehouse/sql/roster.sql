-- roster: the members of a hub now, each with its tab and its person. One row per (kind, member_id).
-- joined_at: Meta's own time where it says one, else when a check first saw the seat; invited_at and expires_at are
-- those of invitations; created_at: Meta's own time alone. Parameters: $hub, $control_tasks, $sources
-- and $silent: as in word.sql.
with first_seen as (
    select kind, member_id, min(valid_from) as first_seen_at
    from members
    where hub = $hub
    group by kind, member_id
),

held as (
    select member_kind as kind, member_id, count(*) as assets,
        count(*) filter (where list_has_any(tasks, $control_tasks)) as controls
    from grants
    where hub = $hub and valid_to is null
    group by member_kind, member_id
),

person as (
    select person_id, display_name, primary_email, kind, status, department
    from people
    where valid_to is null
    qualify row_number() over (
        partition by person_id
        order by word(status, source, $sources::text[], $silent::text[]), source
    ) = 1
)

select m.kind, m.member_id, m.name, m.email, m.role, m.finance_permission, m.two_fac_status, m.status, m.created_at,
    case when m.kind <> 'pending' then coalesce(m.created_at, f.first_seen_at) end as joined_at,
    case when m.kind = 'pending' then coalesce(m.created_at, f.first_seen_at) end as invited_at,
    m.expires_at, s.stay_id, coalesce(l.tab, m.kind) as tab, l.outcome, l.rule, l.reason, l.posterior, l.person_id,
    p.display_name as person_name, p.primary_email as person_email, p.kind as person_kind,
    p.status as person_status, p.department, coalesce(h.assets, 0) as assets, coalesce(h.controls, 0) as controls
from members as m
left join first_seen as f using (kind, member_id)
left join stays as s on s.hub = m.hub and s.kind = m.kind and s.member_id = m.member_id and s.valid_to is null
left join links as l on l.hub = m.hub and l.stay_id = s.stay_id and l.valid_to is null
left join person as p on p.person_id = l.person_id
left join held as h on h.kind = m.kind and h.member_id = m.member_id
where m.hub = $hub and m.valid_to is null
order by m.kind desc, m.name, m.member_id
