-- changes/people: people who differ between $since and $until. One row per (source, person_id) that came or changed.
-- is_linked: whether a stay of the hub was linked to the person, then or now. Parameters: $hub, $since,
-- $until.
with touched as (
    select distinct source, person_id
    from people
    where valid_from > $since or valid_to > $since
),

facts as (
    select source, person_id, user_name, given_name, family_name, display_name, primary_email, aliases,
        department, title, manager_id, country, kind, status,
        valid_from <= $until and (valid_to is null or valid_to > $until) as is_now,
        valid_from <= $since and (valid_to is null or valid_to > $since) as was_then
    from people
    semi join touched using (source, person_id)
),

linked as (
    select distinct person_id, true as is_linked
    from links
    where hub = $hub and outcome = 'matched' and (valid_to is null or valid_to > $since)
)

select source, person_id,
    b.person_id is not null as was_there, a.person_id is not null as is_there,
    b.user_name as before_user_name, a.user_name as after_user_name,
    b.given_name as before_given_name, a.given_name as after_given_name,
    b.family_name as before_family_name, a.family_name as after_family_name,
    b.display_name as before_display_name, a.display_name as after_display_name,
    b.primary_email as before_primary_email, a.primary_email as after_primary_email,
    b.aliases as before_aliases, a.aliases as after_aliases,
    b.department as before_department, a.department as after_department,
    b.title as before_title, a.title as after_title,
    b.manager_id as before_manager_id, a.manager_id as after_manager_id,
    b.country as before_country, a.country as after_country,
    b.kind as before_kind, a.kind as after_kind,
    b.status as before_status, a.status as after_status,
    coalesce(l.is_linked, false) as is_linked
from (select * exclude (is_now, was_then) from facts where was_then) as b
full outer join (select * exclude (is_now, was_then) from facts where is_now) as a using (source, person_id)
left join linked as l using (person_id)
where b is distinct from a
order by source, person_id
