"""Whose address it is: the only evidence that links a member without anybody being asked.

Four rules, in the order of their strength. A link needs exactly one owner, a free person, no contradiction.
"""

import duckdb

RULES = ("exact_address", "alias", "user_name", "plus_address", "earlier_link", "decision")  # from 1

# words_in: the words of a name, without case and accents.
WORDS_IN = """
create or replace temp macro words_in(text) as
    regexp_extract_all(lower(strip_accents(text)), '[\\p{L}\\p{N}]+')
"""

# led: one row per (m, p) that a rule leads to; strength is the place of the rule in RULES.
# An address that somebody has decides alone; else the user name and the address without its "+tag" are asked
# together, so that two answers are a contradiction and never a choice.
LED = """
create temp table led as
with asked as (
    select address from seat_domains
    union
    select regexp_extract(local, '^([^+]+)[+]', 1) || '@' || domain from seat_domains
), holders as (  -- of an address that many have some are enough to see that it is nobody's
    select address, p, min(place) as place
    from owned
    semi join asked using (address)
    group by address, p
    qualify row_number() over (partition by address order by p) <= 50
), direct as (
    select seat_domains.m, holders.p, holders.place as strength
    from seat_domains
    join holders using (address)
), rest as (
    select m, address, local, domain, class, regexp_extract(local, '^([^+]+)[+]', 1) as untagged
    from seat_domains
    anti join direct using (m)
    where address is not null
)
from direct
union all
select rest.m, persons.p, 3
from rest
join persons on lower(trim(persons.user_name)) = rest.local
where rest.class = 'own'
  and strlen(persons.user_name) = length(persons.user_name)  -- lower() makes a dotted I an ASCII i
union all
select rest.m, holders.p, 4
from rest
join holders on holders.address = rest.untagged || '@' || rest.domain
where rest.untagged <> ''
"""

# claims: one row per (m, p) that a rule names, or a name against it. Mailboxes of leavers are handed on, and
# invitations are accepted by others than were invited: whoever bears another person's very name, and no word
# of the one's whom the rule leads to, may be that other. Where it is a primary address, only if that other is
# not there any more (by_name).
CLAIMS = """
create temp table claims as
with answers as (
    select m, p, min(strength) = 1 as is_primary
    from (from led union all select m, p, 5 from earlier where list_contains($addresses, rule))
    group by m, p
), called as (
    select p, by_name, lower(display_name) as name from persons
    union
    select p, by_name, lower(given_name || ' ' || family_name) from persons
), others as (
    select answers.m, called.p
    from answers
    join seats using (m)
    join called on called.name = lower(seats.name) and called.p <> answers.p
    join persons on persons.p = answers.p
    where not (is_primary and called.by_name) and not list_has_any(
        words_in(seats.name), words_in(concat_ws(' ', given_name, family_name, persons.display_name))
    )
)
select m, p, min(strength)::integer as strength
from (from led union all select m, p, 2 from others)
anti join once_rejected using (m, p)
where m not in (select m from pinned)
group by m, p
"""

# estranged: one row per (m, p) of whose name the member has no word, where nothing else speaks for the person
# but an alias or a user name that is made of the member's name: it was a colleague's who is not in the
# directory any more, most likely; or an address that the seat hasn't, as that of the invitation it came from.
ESTRANGED = """
create temp table estranged as
with answers as (
    select m, p, regexp_replace(regexp_extract(local, '^[^+]+'), '[^a-z0-9]', '', 'g') as spelt
    from led
    join seat_domains using (m)
    where strength > 1
    union
    select m, p, null
    from earlier
    anti join led using (m, p)
    where list_contains($addresses, rule)
), named as (
    select m, p, spelt, list_filter(words_in(seats.name), lambda one: len(one) > 1) as words,
           words_in(concat_ws(' ', given_name, family_name, display_name)) as theirs
    from answers
    join seats using (m)
    join persons using (p)
    where persons.by_name
)
select distinct m, p
from named
where len(words) > 1
  and not list_has_any(words, theirs)
  and (words[1][1] between 'a' and 'z' and spelt is null or spelt in (
      words[1] || words[-1], words[-1] || words[1], words[1][1] || words[-1], words[1] || words[-1][1],
      words[-1] || words[1][1]
  ))
  and len(list_filter(theirs, lambda one: one[1] between 'a' and 'z')) > 0  -- else in another script
"""

# kept: one row per member that was linked by name before. Such a link stands until something says otherwise:
# an address that is somebody's, or that it may not stand (then it is not among the earlier ones).
KEPT = """
create temp table kept as
select m, p, rule from earlier
anti join once_rejected using (m, p)
where not list_contains($rules, rule) and m not in (select m from claims union all select m from pinned)
"""

# wanted: one row per member that an address or an earlier link leads somewhere: all the persons it leads to,
# counted; p the only one. An earlier link counts as one more answer.
WANTED = """
create temp table wanted as
with answers as (
    select m, p, strength, false as is_earlier from claims
    union all
    select m, p, 5, true
    from earlier
    anti join once_rejected using (m, p)
    where list_contains($rules, rule) and m not in (select m from pinned)
)
select m, count(distinct p) as people, min(p) as p, min(strength)::integer as strength,
       bool_or(is_earlier) as is_earlier
from answers
group by m
"""

# settled: one row per linked member, nobody estranged. A person has one seat in a pool, unless somebody
# decided otherwise: who was linked earlier keeps it, else the strongest rule has it; between equals there is
# no winner.
SETTLED = """
create temp table settled as
with placed as (
    select wanted.m, wanted.p, wanted.strength, wanted.is_earlier, seats.pool,
           rank() over (
               partition by wanted.p, seats.pool
               order by wanted.is_earlier desc, case when wanted.is_earlier then 0 else wanted.strength end
           ) as place
    from wanted
    join seats using (m)
    anti join estranged on estranged.m = wanted.m and estranged.p = wanted.p
    where wanted.people = 1
      and (wanted.p, seats.pool) not in (select (pinned.p, pool) from pinned join seats using (m))
), counted as (
    select m, p, pool, strength, is_earlier, place, count(*) over (partition by p, pool, place) as equals
    from placed
)
select m, p, pool, strength
from counted
where place = 1 and (is_earlier or equals = 1)
union all
select m, p, pool, 6 from pinned join seats using (m)
"""

# doubted: one row per (m, p) that an address or an earlier link names without settling it, with the reason.
DOUBTED = """
create temp table doubted as
select answers.m, answers.p, min(answers.strength)::integer as strength,
       case when any_value(wanted.people) > 1 or bool_or((answers.m, answers.p) in (from estranged))
            then 'ambiguous_address' else 'taken' end as reason
from (
    select m, p, strength from claims
    union all
    select m, p, 5 from earlier anti join once_rejected using (m, p) where list_contains($rules, rule)
) as answers
join wanted using (m)
anti join settled using (m)
group by answers.m, answers.p
"""

# unsettled: the members whose name has to speak.
UNSETTLED = """
create temp table unsettled as
select m from seats
anti join settled using (m)
"""


def settle(con: duckdb.DuckDBPyConnection) -> None:
    """Create `settled` (m, p, pool, strength), `doubted` (m, p, strength, reason),
    `kept` (m, p, rule) and `unsettled` (m)."""
    rules, addresses = {"rules": list(RULES)}, {"addresses": list(RULES[:4])}
    con.execute(WORDS_IN)
    con.execute(LED)
    con.execute(CLAIMS, addresses)
    con.execute(ESTRANGED, addresses)
    con.execute(KEPT, rules)
    con.execute(WANTED, rules)
    con.execute(SETTLED)
    con.execute(DOUBTED, rules)
    con.execute(UNSETTLED)
