-- record/at: the time of a check's intervals: its start, or just after the newest check's where the clock went
-- back or another hub's check began later and was loaded first. So all history has one order.
-- One row: at. Parameters: $check_id, $started_at.
select greatest($started_at::timestamptz, max(started_at) + interval 1 microsecond) as at
from checks
where check_id <> $check_id
