-- last_checks: the last check of each hub that came to its end. One row per hub. No parameters.
select hub, started_at, finished_at, complete, requests, calls, waited_s
from checks
where finished_at is not null and hub is not null
qualify row_number() over (partition by hub order by started_at desc) = 1
order by hub
