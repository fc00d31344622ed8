-- search_people: people of the directory whose name, address, alias, user name or id holds a text, in any case,
-- with the seats they hold. One row per (person_id, seat), or per person without a seat. Parameters: $text,
-- $sources and $silent: as in word.sql.
with person as (
    select person_id, display_name, primary_email, aliases, user_name, department, kind, status
    from people
    where valid_to is null
    qualify row_number() over (
        partition by person_id
        order by word(status, source, $sources::text[], $silent::text[]), source
    ) = 1
),

found as (
    select *
    from person
    where contains(lower(concat_ws(' ', person_id, display_name, primary_email, user_name,
        array_to_string(aliases, ' '))), lower($text))
),

seat as (
    select l.hub, l.person_id, m.kind as member_kind, m.member_id, m.name as member_name, m.role
    from links as l
    join stays as s on s.hub = l.hub and s.stay_id = l.stay_id and s.valid_to is null
    join members as m on m.hub = s.hub and m.kind = s.kind and m.member_id = s.member_id and m.valid_to is null
    where l.valid_to is null and l.outcome = 'matched'
)

select person_id, display_name, primary_email, department, f.kind, f.status, s.hub, s.member_kind, s.member_id,
    s.member_name, s.role
from found as f
left join seat as s using (person_id)
order by display_name, person_id, hub, member_id
