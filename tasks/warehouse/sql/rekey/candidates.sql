-- rekey/candidates: who the stays of every hub could be, by new ids. `rekeyed` has one row per old id.
update candidates
set person_id = rekeyed.new_id
from rekeyed
where candidates.person_id = rekeyed.old_id
