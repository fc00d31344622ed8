-- roster.edges: how completely each check read each edge. One row per (check_id, edge, scope).
select check_id, hub, edge, scope, pages, rows, total, complete, required, reason
from edges
order by hub, check_id, edge, scope
