-- roster.links: which person each stay was, and is. One row per (hub, stay_id, valid_from).
select hub, stay_id, outcome, person_id, rule, posterior, score, reason, tab,
    valid_from at time zone 'UTC' as valid_from, valid_to at time zone 'UTC' as valid_to
from links
order by hub, stay_id, valid_from
