-- hub_tabs: how many members of each hub stand in each tab now, and what the directory says of whose they are. One row
-- per (hub, tab, person_status); that is null where a member is matched to nobody. Parameters: $sources and $silent: as
-- in word.sql; a source that is not among them says nothing but who left. $ids and $statuses, of equal length: what is
-- known better of some.
with person as (
    select person_id,
        case when status = 'deprovisioned' or source in $sources then status else 'missing' end as status
    from people
    where valid_to is null
    qualify row_number() over (
        partition by person_id
        order by word(status, source, $sources::text[], $silent::text[]), source
    ) = 1
),

told as (
    select unnest($ids::text[]) as person_id, unnest($statuses::text[]) as status
)

select m.hub, coalesce(l.tab, m.kind) as tab, coalesce(t.status, p.status) as person_status, count(*) as members
from members as m
left join stays as s on s.hub = m.hub and s.kind = m.kind and s.member_id = m.member_id and s.valid_to is null
left join links as l on l.hub = m.hub and l.stay_id = s.stay_id and l.valid_to is null
left join person as p on p.person_id = l.person_id and l.outcome = 'matched'
left join told as t on t.person_id = p.person_id
where m.valid_to is null
group by all
order by m.hub, tab, person_status
