-- last_complete: when the last finished complete check of a hub before a time began. One row. Parameters: $hub,
-- $before.
select max(started_at) as started_at
from checks
where hub = $hub and finished_at is not null and complete and started_at < $before
