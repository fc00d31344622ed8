-- check_times: when a loaded check's intervals begin, and whether a later check of its hub has finished already.
-- At most one row. Parameters: $check_id, $hub.
select c.started_at,
    exists (
        select 1 from checks as later
        where later.hub = c.hub and later.started_at > c.started_at and later.finished_at is not null
    ) as is_overtaken
from checks as c
where c.check_id = $check_id and c.hub = $hub
