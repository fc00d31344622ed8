"""Whose address it is: the only evidence that links a member without anybody being asked.

Four rules, in the order of their strength. A link needs exactly one owner, a free person, no contradiction.
"""

import duckdb

RULES = ("exact_address", "alias", "user_name", "plus_address", "earlier_link", "decision")  # from 1

# claims: one row per (m, p) that a rule names; strength is the place of the rule in RULES.
# An address that somebody has decides alone; else the user name and the address without its "+tag" are asked
# together, so that two answers are a contradiction and never a choice. Mailboxes of leavers are handed on as
# aliases: whoever bears another person's very name, and no word of the owner's, may be that one.
CLAIMS = """
create temp table claims as
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
), named as (
    select rest.m, persons.p, 3 as strength
    from rest
    join persons on lower(trim(persons.user_name)) = rest.local
    where rest.class = 'own'
      and strlen(persons.user_name) = length(persons.user_name)  -- lower() makes a dotted I an ASCII i
), tagged as (
    select rest.m, holders.p, 4 as strength
    from rest
    join holders on holders.address = rest.untagged || '@' || rest.domain
    where rest.untagged <> ''
), by_alias as (
    select direct.m, direct.p, lower(seats.name) as name
    from direct
    join seats using (m)
    join persons using (p)
    where direct.strength = 2 and not list_has_any(
        regexp_extract_all(lower(strip_accents(seats.name)), '[\\p{L}\\p{N}]+'),
        regexp_extract_all(
            lower(strip_accents(concat_ws(' ', given_name, family_name, display_name))), '[\\p{L}\\p{N}]+'
        )
    )
), called as (
    select p, lower(display_name) as name from persons
    union
    select p, lower(given_name || ' ' || family_name) from persons
), handed_on as (
    select by_alias.m, called.p, 2 as strength
    from by_alias
    join called using (name)
)
select m, p, min(strength)::integer as strength
from (
    select m, p, strength from direct
    union all select m, p, strength from named
    union all select m, p, strength from tagged
    union all select m, p, strength from handed_on
)
anti join once_rejected using (m, p)
where m not in (select m from pinned)
group by m, p
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

# settled: one row per linked member. A person has one seat in a pool, unless somebody decided otherwise: who
# was linked earlier keeps it, else the strongest rule has it; between equals there is no winner.
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
       case when any_value(wanted.people) > 1 then 'ambiguous_address' else 'taken' end as reason
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
    rules = {"rules": list(RULES)}
    con.execute(CLAIMS)
    con.execute(KEPT, rules)
    con.execute(WANTED, rules)
    con.execute(SETTLED)
    con.execute(DOUBTED, rules)
    con.execute(UNSETTLED)
