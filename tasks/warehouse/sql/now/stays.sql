-- now/stays: what stays should say now. One row per (kind, member_id) of a hub. Parameters: $hub.
select $hub as hub, stay_id::text as stay_id, kind::text as kind, member_id::text as member_id
from raw_stays
