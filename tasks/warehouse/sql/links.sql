-- links: the last link of every stay of a hub. One row per stay_id. Parameters: $hub.
-- valid_to is null for links in force.
select stay_id, outcome, person_id, rule, posterior, score, reason, tab, valid_from, valid_to
from links
where hub = $hub
qualify row_number() over (partition by stay_id order by valid_from desc) = 1
order by stay_id
