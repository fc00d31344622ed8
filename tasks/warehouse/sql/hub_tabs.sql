-- hub_tabs: how many members of each hub stand in each tab now. One row per (hub, tab). No parameters.
select m.hub, coalesce(l.tab, m.kind) as tab, count(*) as members
from members as m
left join stays as s on s.hub = m.hub and s.kind = m.kind and s.member_id = m.member_id and s.valid_to is null
left join links as l on l.hub = m.hub and l.stay_id = s.stay_id and l.valid_to is null
where m.valid_to is null
group by all
order by m.hub, tab
