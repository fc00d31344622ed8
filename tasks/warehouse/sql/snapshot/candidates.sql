-- roster.candidates: who each stay could have been, and could be. One row per (hub, stay_id, rank, valid_from).
select hub, stay_id, rank, person_id, posterior, score, evidence,
    valid_from at time zone 'UTC' as valid_from, valid_to at time zone 'UTC' as valid_to
from candidates
order by hub, stay_id, rank, valid_from
