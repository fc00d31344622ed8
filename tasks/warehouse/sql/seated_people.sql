-- seated_people: the people of a source who hold a seat in any hub and were there in its last accepted read.
-- One row per person_id. Parameters: $source.
select distinct person_id
from links
join people using (person_id)
where links.outcome = 'matched' and links.valid_to is null
    and people.source = $source and people.valid_to is null and people.status in ('active', 'suspended')
order by person_id
