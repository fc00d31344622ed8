-- newest_checks: the newest checks, newest first. One row per check. Parameter: $most.
select check_id, hub, started_at, finished_at, complete, report_id
from checks
where hub is not null  -- those of a hub that was erased have none
order by started_at desc, check_id desc
limit $most
