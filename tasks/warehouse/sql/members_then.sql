-- members_then: how many users held a seat in a hub at some time, none where it was not yet known. One row.
-- Parameters: $hub, $at.
select count(*) as members
from members
where hub = $hub and kind = 'user' and valid_from <= $at and (valid_to is null or valid_to > $at)
