-- roster.people_now: who each id of the directory is, as matching takes him. One row per person_id.
-- known_people is shown by tasks/warehouse/snapshot_build.py: which source has the word is said in the settings, and
-- nowhere in the warehouse.
select person_id, known_as, source, display_name, primary_email, department, kind, status
from known_people
order by person_id
