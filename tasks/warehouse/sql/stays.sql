-- stays: the stay of every seat ever seen in a hub. One row per (kind, member_id). Parameters: $hub.
-- valid_to is null for seats that are held now.
select stay_id, kind, member_id, valid_from, valid_to
from stays
where hub = $hub
qualify row_number() over (partition by kind, member_id order by valid_from desc) = 1
order by stay_id, kind, member_id
