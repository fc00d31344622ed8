"""How much each pair speaks for one person, in bits: +1 doubles the odds, -1 halves them.

All bits are whole hundredths until they are shown, so that a sum is the same in whatever order it is added.
"""

import duckdb

from matching.people.agreement import agree
from matching.people.fold import PARTICLES

# rendered: one row per (m, p, source): what one way of writing the name is worth. The grade of a name is that
# of its doubtful word (alike), else of any but an initial: Amber P. is Amber Priya, and not some A.
# is_denied: given and family name agree, and each side has one more, or an initial of it, that begins with a
# letter of which the other has none.
RENDERED = """
create temp table rendered as
with bare_words as (
    select carried.p, carried.role, vocabulary.word, vocabulary.people,
           not list_contains($particles, word) and (
               role < 3 or length(word) = 1 or given_name is null and family_name is null) as is_name
    from carried
    join vocabulary using (t)
    join persons using (p)
    semi join (select distinct p from pairs) using (p)
    where not carried.is_joined
), spoken_words as (
    select m, source, count(*) as words, count(*) filter (where length(word) = 1 or is_small) as letters,
           count(*) filter (where not is_small) as names, bit_or(1 << ascii(word) % 32) as firsts
    from said
    where not is_joined
    group by m, source
), own_words as (
    select p, count(*) filter (where role = 1) as given, count(*) filter (where role = 2) as family,
           count(*) filter (where is_name) as names,
           bit_or(1 << ascii(word) % 32) filter (where is_name) as firsts,
           band(min(people) filter (where role = 2)) as band
    from bare_words
    group by p
), agreed as (
    select m, p, source,
           coalesce(sum(covers) filter (where role = 1), 0) as given,
           coalesce(sum(covers) filter (where role = 2), 0) as family,
           coalesce(sum(covers) filter (where role = 3), 0) as other, sum(says) as said,
           sum(fills) as filled, sum(covers) as named,
           coalesce(max(grade) filter (where role = 1 and grade = 3),
                    max(grade) filter (where role = 1 and grade <> 4),
                    max(grade) filter (where role = 1)) as given_grade,
           coalesce(max(grade) filter (where role = 2 and grade = 3),
                    max(grade) filter (where role = 2 and grade <> 4),
                    max(grade) filter (where role = 2)) as family_grade,
           coalesce(sum(cb) filter (where role = 1), 0) as given_cb,
           coalesce(sum(cb) filter (where role = 2), 0) as family_cb,
           coalesce(sum(cb) filter (where role = 3), 0) as other_cb
    from aligned
    group by m, p, source
), joined as (
    select pairs.m, pairs.p, spoken_words.source, coalesce(agreed.said, 0) as hits,
           coalesce(agreed.given, 0) as given, coalesce(agreed.family, 0) as family,
           coalesce(agreed.other, 0) as other, coalesce(own_words.given, 0) as own_given,
           coalesce(own_words.family, 0) as own_family, coalesce(lifts.cb, 0) as lift,
           agreed.given_grade, agreed.family_grade,
           coalesce(agreed.given_cb, 0) as given_cb, coalesce(agreed.family_cb, 0) as family_cb,
           coalesce(agreed.other_cb, 0) as other_cb,
           greatest(0, spoken_words.words - spoken_words.letters - coalesce(agreed.filled, 0)) as spare,
           agreed.given > 0 and agreed.family > 0
               and spoken_words.names > agreed.filled and own_words.names > agreed.named
               and spoken_words.firsts & ~own_words.firsts <> 0
               and own_words.firsts & ~spoken_words.firsts <> 0 as is_denied
    from pairs
    join spoken_words using (m)
    left join agreed using (m, p, source)
    left join own_words using (p)
    left join lifts using (band)
)
select m, p, source, hits, given, family, given_grade, family_grade,
       (given_cb - case when own_given > 0 and given = 0 and other = 0 then 700 else 0 end)::integer
           as given_cb,
       (family_cb - case when own_family > 0 and family = 0
                          and other <= (case when own_given > 0 and given = 0 then 1 else 0 end)
                         then 800 else 0 end)::integer as family_cb,
       (other_cb - 250 * spare
        - least(150, 50 * (greatest(0, own_given - greatest(given, 1))
                           + greatest(0, own_family - greatest(family, 1))))
       )::integer as other_cb,
       case when given > 0 and family > 0 then -lift else 0 end as lift_cb,
       coalesce(is_denied, false) as is_denied
from joined
"""

# weighed: one row per pair; the better of the two ways of writing the name, and the address.
CREATE_WEIGHED = """
create temp table weighed (
    m integer, p integer, crowd integer, source integer, hits integer, given integer, family integer,
    given_grade integer, family_grade integer, is_denied boolean, given_cb integer, family_cb integer,
    other_cb integer, lift_cb integer, is_same_domain boolean, is_same_local boolean, email_cb integer
)
"""
WEIGHED = """
insert into weighed by name
with ranked as (
    select m, p, source, given, family, given_grade, family_grade, given_cb, family_cb, other_cb, lift_cb,
           hits, bool_or(is_denied and source = 1) over (partition by m, p) as is_denied,
           row_number() over (
               partition by m, p order by given_cb + family_cb + other_cb + lift_cb desc, source
           ) as place
    from rendered
    where source = 1 or hits > 0
), addresses as (
    select distinct p, domain from owned semi join (select distinct p from pairs) using (p)
), domain_people as (
    select domain, count(distinct p) as people
    from owned
    where domain in (select domain from seat_domains where class = 'foreign')
    group by domain
), locals as (
    select distinct p, local from owned semi join (select distinct p from pairs) using (p)
)
select pairs.m, pairs.p, pairs.crowd, coalesce(ranked.source, 0) as source, coalesce(ranked.hits, 0) as hits,
       coalesce(ranked.given, 0) as given, coalesce(ranked.family, 0) as family,
       coalesce(ranked.given_grade, 0) as given_grade, coalesce(ranked.family_grade, 0) as family_grade,
       coalesce(ranked.is_denied, false) as is_denied,
       coalesce(ranked.given_cb, 0) as given_cb, coalesce(ranked.family_cb, 0) as family_cb,
       coalesce(ranked.other_cb, 0) as other_cb, coalesce(ranked.lift_cb, 0) as lift_cb,
       addresses.domain is not null as is_same_domain, locals.local is not null as is_same_local,
       case when doubted.p is not null then 4000
            else (case when locals.local is null then 0
                       when seat_domains.class = 'former' then 1200
                       when seat_domains.class = 'own' then 800 else 200 end)
               + (case seat_domains.class when 'own' then 170 when 'former' then 170
                       when 'foreign' then case when addresses.domain is null then -530 else
                           100 * greatest(2, least(8, log2(
                               (select count(*) from persons) / domain_people.people))) end
                       else 0 end)
       end::integer as email_cb
from pairs
join seat_domains using (m)
left join ranked on ranked.m = pairs.m and ranked.p = pairs.p and ranked.place = 1
left join doubted on doubted.m = pairs.m and doubted.p = pairs.p
left join addresses on addresses.p = pairs.p and addresses.domain = seat_domains.domain
left join domain_people on domain_people.domain = seat_domains.domain
left join locals on locals.p = pairs.p and locals.local = seat_domains.local
"""

# scored: one row per row of weighed, with the seat, and all that was known of the pair before.
SCORED = """
create temp table scored as
with taken as (
    select p, pool, min(m) as first, max(m) as last
    from (
        select m, p, pool from settled
        union all
        select m, p, pool from kept join seats using (m)
    )
    group by p, pool
)
select weighed.*, seat_domains.class, coalesce(kept.rule, '') as kept, once.m is not null as was_rejected,
       coalesce(doubted.reason, '') as doubt, coalesce(doubted.strength, 0) as strength,
       case when taken.p is not null then -500 else 0 end as seat_cb
from weighed
join seats using (m)
join seat_domains using (m)
left join doubted on doubted.m = weighed.m and doubted.p = weighed.p
left join once_rejected as once on once.m = weighed.m and once.p = weighed.p
left join kept on kept.m = weighed.m and kept.p = weighed.p
left join taken on taken.p = weighed.p and taken.pool = seats.pool
    and (taken.first <> weighed.m or taken.last <> weighed.m)
"""


def create_weighed(con: duckdb.DuckDBPyConnection) -> None:
    """Create `weighed`, empty: one row per pair, with the bits of each field in hundredths."""
    con.execute(CREATE_WEIGHED)


def weigh_pairs(con: duckdb.DuckDBPyConnection) -> None:
    """Add one row per row of `pairs` to `weighed`."""
    agree(con)
    con.execute(RENDERED, {"particles": sorted(PARTICLES)})
    con.execute(WEIGHED)
    for table in ("aligned", "rendered", "near", "said", "said_words", "glued", "local_people"):
        con.execute(f"drop table {table}")


def score(con: duckdb.DuckDBPyConnection) -> None:
    """Create `scored`: `weighed`, and what depends on other members or on what was said before."""
    con.execute(SCORED)
