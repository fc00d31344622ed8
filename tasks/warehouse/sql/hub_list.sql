-- hub_list: the hubs that were ever checked. One row per hub. No parameters.
with newest as (
    select hub, max(started_at) as last_check_at,
        max(started_at) filter (where finished_at is not null and complete) as last_complete_at,
        arg_max(report_id, started_at) filter (where report_id is not null) as report_id
    from checks
    group by hub
),

refused as (  -- by the last check that came to its end
    select c.hub, count(*) as directory_refused
    from checks as c
    join directory_reads as r using (check_id)
    where not r.accepted and c.check_id in (
        select arg_max(check_id, started_at) from checks where finished_at is not null group by hub
    )
    group by c.hub
),

seats as (
    select hub, count(*) as members
    from members
    where valid_to is null
    group by hub
)

select hub, h.business_id, h.business_name, h.graph_url, h.app_id, h.login_method, n.last_check_at,
    n.last_complete_at, n.report_id, coalesce(s.members, 0) as members,
    coalesce(r.directory_refused, 0) as directory_refused
from hubs as h
left join newest as n using (hub)
left join seats as s using (hub)
left join refused as r using (hub)
order by hub
