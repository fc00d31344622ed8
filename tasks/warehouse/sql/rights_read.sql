-- rights_read: whether a check read to the end what everybody may do with the assets. One row. Parameters: $hub,
-- $check_id. An edge that the configuration leaves out is no matter; one that failed is.
select coalesce(bool_and(complete), false) as known
from edges
where hub = $hub and check_id = $check_id and starts_with(edge, 'assigned_')
    and coalesce(reason, '') <> 'skipped by configuration'
