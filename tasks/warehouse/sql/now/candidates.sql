-- now/candidates: what candidates should say now. One row per (stay_id, rank) of a hub. Parameters: $hub.
select $hub as hub, stay_id::text as stay_id, rank::integer as rank, person_id::text as person_id,
    posterior::double as posterior, score::double as score, evidence::text::json as evidence
from raw_candidates
