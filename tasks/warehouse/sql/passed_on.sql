-- passed_on: the persons whose id the directory gave to somebody else since they were taken for a stay's. One row per
-- (stay_id, person_id). Parameters: $hub; and the pairs that somebody decided, lists of equal length: $stays,
-- $persons, $times.
-- It is somebody else who shares no word of the name and no address with whom it was; or whose entry was that of
-- somebody who left, or was missing, and came back under another name. Who marries keeps a word, or the address.
with began as (
    select stay_id, person_id, min(valid_from) as taken_at
    from links
    where hub = $hub and outcome = 'matched'
    group by stay_id, person_id
),

decided as (
    select unnest($stays::text[]) as stay_id, unnest($persons::text[]) as person_id,
        unnest($times::timestamptz[]) as taken_at
),

pairs as (
    select stay_id, person_id, coalesce(decided.taken_at, began.taken_at) as taken_at
    from began
    full join decided using (stay_id, person_id)
),

called as (
    select person_id, valid_from, valid_to, status,
        regexp_extract_all(
            lower(strip_accents(concat_ws(' ', given_name, family_name, display_name))), '[\p{L}\p{N}]+'
        ) as words,
        list_filter(
            list_transform(
                list_concat([primary_email, user_name], coalesce(aliases, [])), lambda one: lower(trim(one))
            ), lambda one: one <> ''
        ) as addresses
    from people
    semi join pairs using (person_id)
    where person_id in (select person_id from people group by person_id having count(*) > 1)
),

was as (
    select stay_id, person_id, list_distinct(flatten(list(words))) as words,
        list_distinct(flatten(list(addresses))) as addresses
    from pairs
    join called using (person_id)
    where valid_from <= taken_at and (valid_to is null or valid_to > taken_at)
    group by stay_id, person_id
),

gone as (
    select distinct stay_id, person_id
    from pairs
    join called using (person_id)
    where valid_to > taken_at and status in ('deprovisioned', 'missing')
),

who as (
    select person_id, list_distinct(flatten(list(words))) as words,
        list_distinct(flatten(list(addresses))) as addresses, bool_and(status in ('active', 'suspended')) as is_back
    from called
    where valid_to is null
    group by person_id
)

select stay_id, person_id
from was
join who using (person_id)
left join gone using (stay_id, person_id)
where len(was.words) > 0 and len(who.words) > 0
    and (
        not (list_has_any(was.words, who.words) or list_has_any(was.addresses, who.addresses))
        or (gone.stay_id is not null and who.is_back
            and not (list_has_all(was.words, who.words) or list_has_all(who.words, was.words)))
    )
order by stay_id, person_id
