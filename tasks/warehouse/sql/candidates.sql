-- candidates: who the stays of a hub could be, now. One row per (stay_id, rank). Parameters: $hub.
select stay_id, rank, person_id, posterior, score, evidence::text as evidence
from candidates
where hub = $hub and valid_to is null
order by stay_id, rank
