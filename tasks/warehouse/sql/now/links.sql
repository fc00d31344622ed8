-- now/links: what links should say now. One row per stay_id of a hub. Parameters: $hub.
select $hub as hub, stay_id::text as stay_id, outcome::text as outcome,
    case when outcome = 'matched' then person_id::text end as person_id, rule::text as rule,
    posterior::double as posterior, score::double as score, reason::text as reason, tab::text as tab
from raw_links
