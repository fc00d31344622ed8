"""How much each pair speaks for one person, in bits: +1 doubles the odds, -1 halves them.

All bits are whole hundredths until they are shown, so that a sum is the same in whatever order it is added.
"""

import duckdb

# hits: one row per (m, p, source, said, carried) words that agree; grade 1 same, 2 typo, 3 alike, 4 initial,
# 5 written as one word by one side, 6 nickname, 7 another spelling. A letter that makes another name (one of
# the directory, or Maria of Marie) is alike, no typo. says, covers: for how many words of each side it
# stands; fills: of those that need a counterpart. Two joined on both sides agree word by word already.
HITS = """
create temp table hits as
with lone as (
    select m, source, t, word
    from said
    semi join (select distinct m from pairs) using (m)
), bare as (
    select carried.p, carried.t, carried.role, vocabulary.word
    from carried
    join vocabulary using (t)
    semi join (select distinct p from pairs) using (p)
    where not carried.is_joined
), agreeing as (
    select pairs.m, pairs.p, said.source, said.t as said, carried.t as carried, carried.role,
           said.covers as says, case when said.is_small then 0 else said.covers end as fills, carried.covers,
           said.is_joined,
           case when said.is_joined or carried.is_joined
                    then case when said.covers > 1 or carried.covers > 1 then 5 else 7 end
                when near.kind = 'same' then 1 when near.kind = 'nickname' then 6
                when near.kind = 'spelling' then 7
                when near.kind = 'typo' and heard.cb is null and not (
                    vocabulary.word[-1] in ('a', 'e', 'o') and said.word[-1] in ('a', 'e', 'o')
                    and vocabulary.word[:-2] = said.word[:-2]) then 2
                else 3 end as grade,
           case when length(vocabulary.word) = 1 then letters.cb
                when said.is_joined or carried.is_joined or near.kind = 'spelling'
                    then greatest(100, worth.cb - 100)
                when near.kind = 'same' then worth.cb
                when near.kind = 'nickname' then greatest(100, worth.cb - 200)
                else greatest(100, least(coalesce(heard.cb, 2400) - 500,
                        worth.near_cb - case near.kind when 'typo' then 300 else 400 end))
           end as cb
    from pairs
    join said using (m)
    join near on near.said = said.t
    join carried on carried.p = pairs.p and carried.t = near.carried
    join vocabulary on vocabulary.t = carried.t
    join worth on worth.t = carried.t
    left join worth as heard on heard.t = said.t
    left join letters on letters.letter = vocabulary.word
    where not (said.is_joined and carried.is_joined)
      and (near.kind = 'same' or not (said.is_joined or carried.is_joined))
    union all
    select pairs.m, pairs.p, lone.source, lone.t, bare.t, bare.role, 1, 1, 1, false, 4, letters.cb
    from pairs
    join lone using (m)
    join bare on bare.p = pairs.p and bare.word[1] = lone.word[1]
    join letters on letters.letter = lone.word[1]
    where lone.word <> bare.word and (length(lone.word) = 1 or length(bare.word) = 1)
)
select m, p, source, said, carried, role, says, fills, covers, grade, cb
from agreeing
-- a word that is two names in one is not also a misspelling of one of them
anti join (select m, p, source, t as said from glued) using (m, p, source, said)
-- nor do words that agree as one agree by themselves as well
anti join (
    select agreeing.m, agreeing.p, agreeing.source, part.t as said
    from agreeing
    join said as whole on whole.m = agreeing.m and whole.source = agreeing.source and whole.t = agreeing.said
    join said as part on part.m = whole.m and part.source = whole.source
    where agreeing.is_joined and not part.is_joined and contains(whole.word, part.word)
) using (m, p, source, said)
"""

# aligned: each said word agrees with one carried word, and each carried word with one said word. A same given
# or family name comes before what stands only in the display name, perhaps in another script.
ALIGNED = """
create temp table aligned as
with by_said as (
    select m, p, source, said, carried, role, says, fills, covers, grade, cb,
           row_number() over (
               partition by m, p, source, said
               order by role < 3 and grade in (1, 5) desc, cb desc, grade, role, carried
           ) as place
    from hits
), by_carried as (
    select m, p, source, said, carried, role, says, fills, covers, grade, cb,
           row_number() over (partition by m, p, source, carried order by cb desc, grade, said) as place
    from by_said
    where place = 1
)
select m, p, source, role::integer as role, says, fills, covers, grade, cb from by_carried where place = 1
union all  -- a glued word agrees with two: half a word lost, an initial where only that is in it
select glued.m, glued.p, glued.source, 1, 1, 1, 1, case when glued.is_full then 5 else 4 end,
       case when glued.is_full then worth.cb - 100 else letters.cb end
from glued
join pairs using (m, p)
join worth on worth.t = glued.given
join vocabulary on vocabulary.t = glued.given
join letters on letters.letter = vocabulary.word[1]
union all
select glued.m, glued.p, glued.source, 2, 0, 0, 1, 5, worth.cb
from glued
join pairs using (m, p)
join worth on worth.t = glued.family
"""

# rendered: one row per (m, p, source): what one way of writing the name is worth.
RENDERED = """
create temp table rendered as
with spoken_words as (
    select m, source, count(*) as words, count(*) filter (where length(word) = 1 or is_small) as letters
    from said
    where not is_joined
    group by m, source
), own_words as (
    select p, count(*) filter (where role = 1) as given, count(*) filter (where role = 2) as family,
           band(min(people) filter (where role = 2)) as band
    from carried
    join vocabulary using (t)
    semi join (select distinct p from pairs) using (p)
    where not carried.is_joined
    group by p
), agreed as (
    select m, p, source,
           coalesce(sum(covers) filter (where role = 1), 0) as given,
           coalesce(sum(covers) filter (where role = 2), 0) as family,
           coalesce(sum(covers) filter (where role = 3), 0) as other, sum(says) as said,
           sum(fills) as filled,
           max(grade) filter (where role = 1) as given_grade,
           max(grade) filter (where role = 2) as family_grade,
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
           greatest(0, spoken_words.words - spoken_words.letters - coalesce(agreed.filled, 0)) as spare
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
       case when given > 0 and family > 0 then -lift else 0 end as lift_cb
from joined
"""

# weighed: one row per pair; the better of the two ways of writing the name, and the address.
CREATE_WEIGHED = """
create temp table weighed (
    m integer, p integer, crowd integer, source integer, hits integer, given integer, family integer,
    given_grade integer, family_grade integer, given_cb integer, family_cb integer, other_cb integer,
    lift_cb integer, is_same_domain boolean, is_same_local boolean, email_cb integer
)
"""
WEIGHED = """
insert into weighed by name
with ranked as (
    select m, p, source, given, family, given_grade, family_grade, given_cb, family_cb, other_cb, lift_cb,
           hits,
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
    con.execute(HITS)
    con.execute(ALIGNED)
    con.execute(RENDERED)
    con.execute(WEIGHED)
    for table in ("hits", "aligned", "rendered", "near", "said", "said_words", "glued", "local_people"):
        con.execute(f"drop table {table}")


def score(con: duckdb.DuckDBPyConnection) -> None:
    """Create `scored`: `weighed`, and what depends on other members or on what was said before."""
    con.execute(SCORED)
