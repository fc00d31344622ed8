"""Names as numbers: each distinct word once, who carries it, who says it, which words are nearly the same.

Two hundred thousand people have some twenty thousand words, so words are compared and people are not.
"""

import duckdb
import numpy as np

from matching.people.near_words import near_words
from matching.people.nicknames import nicknames

NEIGHBOURS = 10  # of one word

# carried_words: one row per (p, word): role 1 given, 2 family, 3 other (only in the display name).
CARRIED_WORDS = """
create table carried_words as
with parts as (
    select p, given_name as raw, 1 as part from persons
    union all select p, family_name, 2 from persons
    union all
    select p, display_name, case when coalesce(given_name, family_name) is null then 0 else 3 end from persons
    where display_name is distinct from concat_ws(' ', given_name, family_name)
), listed as (
    select parts.p, parts.part, string_split(carried_names.words, ' ') as list
    from parts
    join carried_names using (raw)
    where carried_names.words <> ''
), split as (
    select p, part, len(list) as size, unnest(list) as word, unnest(range(1, len(list) + 1)) as place
    from listed
)
select p, word,
       min(case when part > 0 then part when place = 1 then 1 when place = size then 2 else 3 end)::tinyint
           as role
from split
group by p, word
"""

# said_words: one row per (m, source, word) of the unweighed: source 1 the name, 2 the address before the "@".
SAID_WORDS = """
create temp table said_words as
with listed as (
    select seats.m, 1 as source, string_split(spoken.words, ' ') as list
    from seats
    join unweighed using (m)
    join spoken on spoken.raw = seats.name
    where spoken.words <> ''
    union all
    select m, 2, string_split_regex(regexp_extract(lower(local[1:64]), '^[^+]+'), '[^a-z]+')
    from seat_domains
    join unweighed using (m)
    where local is not null and strlen(local) = length(local)
), split as (
    select m, source, unnest(list) as word, unnest(range(1, len(list) + 1)) as place
    from listed
)
select m, source::tinyint as source, word, min(place)::tinyint as place
from split
where word <> ''
group by m, source, word
"""

# known_words: one row per word of the directory; t its place in the alphabet, people how many carry it.
KNOWN_WORDS = """
create table known_words as
select (row_number() over (order by word) - 1)::integer as t, word, count(*)::integer as people
from carried_words
group by word
"""

# vocabulary: these, and behind them in the alphabet's order the words of members only (people is 0).
VOCABULARY = """
create temp table vocabulary as
select t, word, people from known_words
union all
select ((select count(*) from known_words) + row_number() over (order by word) - 1)::integer, word, 0
from (select distinct word from said_words anti join known_words using (word))
"""

CARRIED = "create table carried as select p, t, role from carried_words join known_words using (word)"
SAID = "create temp table said as select m, source, t, place from said_words join vocabulary using (word)"

# near: one row per (said, carried) words that may be the same: kind same, nickname, typo or alike.
NEAR = """
create temp table near as
select distinct t as said, t as carried, 'same' as kind
from said
where t in (select t from carried)
union all
select distinct s.t, c.t, 'nickname'
from nicknames
join vocabulary as s on s.word = nicknames.said
join vocabulary as c on c.word = nicknames.carried
where c.people > 0 and s.t in (select t from said)
union all
select said, carried, kind
from (
    select measured.said, measured.carried, measured.kind,
           row_number() over (
               partition by measured.said
               order by measured.kind = 'typo' desc, vocabulary.people desc, measured.carried
           ) as place
    from measured
    join vocabulary on vocabulary.t = measured.carried
    anti join (
        select s.t as said, c.t as carried
        from nicknames
        join vocabulary as s on s.word = nicknames.said
        join vocabulary as c on c.word = nicknames.carried
    ) using (said, carried)
)
where place <= $neighbours
"""


def list_words(con: duckdb.DuckDBPyConnection) -> None:
    """Create `known_words` and `carried` (p, t, role) from `carried_names`."""
    for statement in (CARRIED_WORDS, KNOWN_WORDS, CARRIED):
        con.execute(statement)
    con.execute("drop table carried_words")


def encode(con: duckdb.DuckDBPyConnection) -> None:
    """Create `vocabulary`, `said` (m, source, t, place) and `near` from `spoken` and `known_words`."""
    for statement in (SAID_WORDS, VOCABULARY, SAID):
        con.execute(statement)
    words = con.execute("select word from vocabulary order by t").fetchnumpy()["word"]
    said = con.execute("select distinct t from said").fetchnumpy()["t"]
    known = con.execute("select t from known_words").fetchnumpy()["t"]
    found = near_words(np.asarray(words), np.asarray(said), np.asarray(known))
    con.register("measured", found)
    con.register("nicknames", nicknames())
    con.execute(NEAR, {"neighbours": NEIGHBOURS})
    con.unregister("measured")
    con.unregister("nicknames")
