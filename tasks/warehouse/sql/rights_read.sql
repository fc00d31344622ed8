-- rights_read: whether a check read to the end what everybody may do with the assets. One row. Parameters: $hub,
-- $check_id. Edges that are skipped by configuration don't count, but without any that was read nothing is known.
select coalesce(bool_and(complete) filter (where required or complete), false) as known
from edges
where hub = $hub and check_id = $check_id and starts_with(edge, 'assigned_')
