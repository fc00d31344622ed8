-- roster.checks: the checks. One row per check_id.
select check_id, hub, started_at at time zone 'UTC' as started_at,
    finished_at at time zone 'UTC' as finished_at, complete, baseline, report_id, digest, api_version, requests, calls,
    waited_s
from checks
where hub is not null
order by hub, started_at
