-- last_report: the report of a hub's last finished check. At most one row: report_id. Parameters: $hub.
select report_id
from checks
where hub = $hub and finished_at is not null and report_id is not null
order by started_at desc
limit 1
