-- rekey/managers: the managers of the people of a source by their new ids. Parameters: $source; `rekeyed` has one row per
-- old id.
update people
set manager_id = rekeyed.new_id
from rekeyed
where people.source = $source and people.manager_id = rekeyed.old_id
