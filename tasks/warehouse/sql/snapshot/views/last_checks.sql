-- roster.last_checks: the newest check of each hub. One row per hub.
with gaps as (
    select check_id, list(edge order by edge) as incomplete_edges
    from roster.edges
    where scope = '' and not complete
    group by check_id
)

select c.hub, c.check_id, c.started_at, c.finished_at, c.complete, c.baseline,
    coalesce(g.incomplete_edges, []) as incomplete_edges, c.requests, c.calls
from roster.checks as c
left join gaps as g using (check_id)
qualify row_number() over (partition by c.hub order by c.started_at desc) = 1
