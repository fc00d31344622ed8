"""Who it might be: at most eight persons per unsettled member, found by hash joins, never by comparing all.

Each way of finding somebody gives keys. Of the people behind one key only the first eight are taken (fewest
words, then person id), so ten thousand namesakes cost no more than eight; `crowd` keeps how many there are.
"""

import duckdb

from matching.people.glued import find_glued

WAYS = ("pair", "whole", "initial", "word")  # of finding somebody by keys
KEPT = 8  # per key and per member; matching.md: fifty are no better
RARE = 20  # people: a word so rare is worth a look by itself
SHORTEST_LOCAL = 3  # letters before the "@"

# seekers: the members to be weighed whose person no address names; the doubted have their persons already.
SEEKERS = """
create temp table seekers as
select m from unweighed
anti join doubted using (m)
"""

# meant: one row per word t of the directory that a seeker may have meant; is_same when he wrote exactly that.
MEANT = """
create temp table meant as
select said.m, said.source, said.place, near.carried as t, near.kind in ('same', 'spelling') as is_same,
       near.kind in ('typo', 'consonants') as is_typo
from said
join near on near.said = said.t
semi join seekers using (m)
"""

# carried_pairs: two of the words meant that one person carries: one row per (key, p).
CARRIED_PAIRS = """
create temp table carried_pairs as
with known as (
    select carried.p, carried.t from carried where t in (select t from meant)
)
select (a.t::bigint << 32) | b.t as key, a.p
from known as a
join known as b on a.p = b.p and a.t < b.t
"""

# pair_keys: two words in any order that somebody carries; both may be misspelt by a letter, or one more than
# that.
PAIR_KEYS = """
create temp table pair_keys as
select a.m, (least(a.t, b.t)::bigint << 32) | greatest(a.t, b.t) as key,
       max(case when a.is_same and b.is_same then 2000
                when a.is_same or b.is_same then 1500 else 1000 end)::integer as weight
from meant as a
join meant as b on a.m = b.m and a.source = b.source and a.place < b.place
where (a.is_same or b.is_same or a.is_typo and b.is_typo) and a.t <> b.t
  and (least(a.t, b.t)::bigint << 32) | greatest(a.t, b.t) in (select key from carried_pairs)
group by all
"""

PAIR_PEOPLE = """
create temp table pair_people as
from carried_pairs where key in (select key from pair_keys)
"""

# initial_keys: a lone letter and a word.
INITIAL_KEYS = """
create temp table initial_keys as
select distinct said.m, (ascii(vocabulary.word)::bigint << 32) | meant.t as key, 700 as weight
from said
join vocabulary on vocabulary.t = said.t
join meant on meant.m = said.m and meant.source = said.source and meant.place <> said.place
where length(vocabulary.word) = 1 and meant.is_same
"""

INITIAL_PEOPLE = """
create temp table initial_people as
with named as (
    select p, t from carried
    where t in (select (key & 4294967295)::integer from initial_keys)
)
select distinct (ascii(vocabulary.word)::bigint << 32) | named.t as key, named.p
from named
join carried on carried.p = named.p and carried.t <> named.t and not carried.is_joined
join vocabulary on vocabulary.t = carried.t
where (ascii(vocabulary.word)::bigint << 32) | named.t in (select key from initial_keys)
"""

# word_keys: one word, where it is rare or all there is. A crowd called just so comes before who is not.
WORD_KEYS = """
create temp table word_keys as
with counted as (
    select m, source, count(*) as words from said where not is_joined group by m, source
)
select distinct meant.m, meant.t::bigint as key, case when meant.is_same then 500 else 30 end as weight
from meant
join counted using (m, source)
join vocabulary using (t)
where meant.is_same and vocabulary.people <= $rare or counted.words = 1 and meant.source = 1
"""

WORD_PEOPLE = """
create temp table word_people as
select t::bigint as key, p
from carried
where t in (select key from word_keys)
"""

# local_people: the same text before the "@" on another domain.
LOCAL_PEOPLE = """
create temp table local_people as
with wanted as (
    select m, local from seat_domains
    semi join seekers using (m)
    where length(local) >= $shortest
), holders as (
    select distinct local, p from owned where local in (select local from wanted)
), ranked as (
    select local, p, count(*) over (partition by local) as people,
           row_number() over (partition by local order by p) as place
    from holders
)
select wanted.m, ranked.p, ranked.people
from ranked
join wanted using (local)
where ranked.place <= $kept
"""

# pairs: one row per (m, p) worth scoring; crowd is how many people stand behind its most telling key.
PAIRS = """
create temp table pairs as
with found as (
    select keys.m, picked.p, keys.weight, picked.people
    from pair_keys as keys
    join pair_people_picked as picked using (key)
    union all
    select keys.m, picked.p, keys.weight, picked.people
    from initial_keys as keys
    join initial_people_picked as picked using (key)
    union all
    select keys.m, picked.p, keys.weight, picked.people
    from word_keys as keys
    join word_people_picked as picked using (key)
    union all
    select keys.m, picked.p, keys.weight, picked.people
    from whole_keys as keys
    join whole_people_picked as picked using (key)
    union all
    select m, p, 1000, people from glued
    union all
    select m, p, 1800, people from local_people
), summed as (
    select m, p, sum(round(weight / (1 + ln(people)))::bigint) as weight, min(people) as crowd
    from found
    anti join rejected using (m, p)
    group by m, p
), ranked as (
    select m, p, crowd, row_number() over (partition by m order by weight desc, p) as place
    from summed
)
select m, p, crowd::integer as crowd from ranked where place <= $kept
union all
select m, p, 1 from doubted semi join unweighed using (m)
union all
select m, p, 1 from kept semi join unweighed using (m)
anti join (select m, p from ranked where place <= $kept) using (m, p)
"""

# whole_keys: all words of a name, three or more: who has just these isn't lost in the crowds behind two.
WHOLE_KEYS = """
create temp table whole_keys as
select distinct m, hash(list(t order by t)) as key, 3000 as weight
from said
semi join seekers using (m)
where source = 1 and not is_joined
group by m, source
having count(*) >= 3
"""

WHOLE_PEOPLE = """
create temp table whole_people as
select p, key
from (
    select p, hash(list(t order by t)) as key
    from carried
    where role <= 2 and not is_joined
    group by p
    having count(*) >= 3
)
where key in (select key from whole_keys)
"""

# The first people behind each key, and how many there are.
PICKED = """
create temp table {people}_picked as
with sizes as (
    select p, count(*) as words from carried where not is_joined group by p
), ranked as (
    select behind.key, behind.p, count(*) over (partition by behind.key) as people,
           row_number() over (partition by behind.key order by sizes.words, behind.p) as place
    from {people} as behind
    join sizes using (p)
)
select key, p, people from ranked where place <= {kept}
"""


def find_as_written(con: duckdb.DuckDBPyConnection) -> None:
    """Create what is found without knowing which words are near: `glued` and more."""
    con.execute(SEEKERS)
    find_glued(con, KEPT)
    con.execute(LOCAL_PEOPLE, {"shortest": SHORTEST_LOCAL, "kept": KEPT})
    con.execute(WHOLE_KEYS)
    con.execute(WHOLE_PEOPLE)


def find_pairs(con: duckdb.DuckDBPyConnection) -> None:
    """Create `pairs` (m, p, crowd): at most eight persons per member, the doubted, the kept."""
    con.execute(MEANT)
    con.execute(CARRIED_PAIRS)
    con.execute(PAIR_KEYS)
    con.execute(PAIR_PEOPLE)
    con.execute(INITIAL_KEYS)
    con.execute(INITIAL_PEOPLE)
    con.execute(WORD_KEYS, {"rare": RARE})
    con.execute(WORD_PEOPLE)
    for way in WAYS:
        con.execute(PICKED.format(people=f"{way}_people", kept=KEPT))
    con.execute(PAIRS, {"kept": KEPT})
    for table in (
        "meant",
        "carried_pairs",
        *(f"{way}_{what}" for way in WAYS for what in ("keys", "people", "people_picked")),
    ):
        con.execute(f"drop table {table}")
