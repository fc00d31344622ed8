-- weighed: what was worked out for a hub by this program. One row per (question, p). Parameters: $hub, $made_by.
select * exclude (hub, made_by)
from weighed
where hub = $hub and made_by = $made_by
order by question, p
