-- rekey/people: the people of a source by their new ids, in all of their history. Parameters: $source; `rekeyed` has
-- one row per old id. One statement, so that ids may go round in a circle.
update people
set person_id = rekeyed.new_id
from rekeyed
where people.source = $source and people.person_id = rekeyed.old_id
