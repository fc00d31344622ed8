-- rekey/links: whom the stays of every hub are linked to, by new ids. `rekeyed` has one row per old id.
update links
set person_id = rekeyed.new_id
from rekeyed
where links.person_id = rekeyed.old_id
