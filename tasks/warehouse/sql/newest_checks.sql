-- newest_checks: the newest checks, newest first. One row per check. Parameter: $most.
select check_id, hub, started_at, finished_at, complete, report_id,
    exists (from directory_reads as r where r.check_id = checks.check_id and not r.accepted) as directory_refused
from checks
where hub is not null  -- those of a hub that was erased have none
order by started_at desc, check_id desc
limit $most
