"""Names as numbers: each distinct word once, who carries it, who says it, which words are nearly the same.

Two hundred thousand people have some twenty thousand words, so words are compared and people are not.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import duckdb
import numpy as np

from matching.people.besides import BESIDES
from matching.people.consonants import compare_consonants
from matching.people.fold import PARTICLES
from matching.people.near_words import near_words
from matching.people.nicknames import nicknames
from matching.people.spellings import spellings
from matching.people.tables import seen

NEIGHBOURS = 10  # of one word
TOGETHER = 24  # signs of a given or family name of several words that somebody may write as one
SHORT = r"(?:^| )\w{1,3} "  # with such a word in it a family name is written as one: "deluca", "alhashimi"

# carried_words: one row per (p, word): role 1 given, 2 family, 3 other (only in the display name).
# covers: for how many of the words it stands: 1, or as many as are written together in it (is_joined);
# who is called Min-jun is looked for as "minjun" too, and de Luca as "deluca"; but not two long family names.
CARRIED_WORDS = """
create table carried_words as
with parts as (
    -- who has all his names in one field has them in some order
    select p, given_name as raw, case when family_name is null then 0 else 1 end as part from persons
    union all select p, family_name, case when given_name is null then 0 else 2 end from persons
    union all
    select p, display_name, case when coalesce(given_name, family_name) is null then 0 else 3 end from persons
    where display_name is distinct from concat_ws(' ', given_name, family_name)
), listed as (
    select parts.p, parts.part, string_split(carried_names.words, ' ') as list,
           coalesce(carried_names.every_word, carried_names.words) as every_word
    from parts
    join carried_names using (raw)
    where carried_names.words <> ''
    union all  -- who is named in another script only, as he is written in his address
    select p, 3, list_filter(string_split_regex(local, '[^a-z]+'), lambda word: length(word) > 2), ''
    from (
        select distinct p, local
        from owned
        join persons using (p)
        where place <= 2 and regexp_matches(local, '^[a-z]+([._-][a-z]+)+[0-9]*$')
          and not regexp_matches(concat_ws(' ', given_name, family_name, display_name), '[A-Za-zÀ-ɏ]')
    )
), split as (
    select p, part, len(list) as size, unnest(list) as word, unnest(range(1, len(list) + 1)) as place
    from listed
), several as (
    select p, part, len(list) as covers, replace(every_word, ' ', '') as word, every_word
    from listed
    where part in (1, 2) and contains(every_word, ' ') and length(every_word) <= $together
), either as (
    select p, word, 1 as covers, false as is_joined,
           case when part > 0 then part when place = 1 then 1 when place = size then 2 else 3 end as role
    from split
    union all
    select p, word, covers, true, part
    from several
    where part = 1 or regexp_matches(every_word, $short)
)
select p, word, min(role)::tinyint as role, min(covers)::tinyint as covers, bool_and(is_joined) as is_joined,
       count(*) filter (where role < 3 and not is_joined) > 1 as is_twice
from either
group by p, word
"""
CARRIED_TWICE = """
insert into carried_words select p, word || ' ' || word, 2, 1, false, false from carried_words where is_twice
"""

# said_words: one row per (m, source, word) of the unweighed: source 1 the name, 2 the address before the "@".
# covers, is_joined: as above; two or three words that stand together, where the directory has them as one; or
# a word with two letters for one with dots, where it has that.
# is_small: it may be a particle, or no name at all; such a one needs no counterpart.
SAID_WORDS = """
create temp table said_words as
with listed as (
    select seats.m, 1 as source, spoken.raw, string_split(spoken.words, ' ') as list,
           string_split(coalesce(spoken.every_word, spoken.words), ' ') as every
    from seats
    join unweighed using (m)
    join spoken on spoken.raw = seats.name
    where spoken.words <> ''
    union all
    select m, 2, null, string_split_regex(regexp_extract(lower(local[1:64]), '^[^+]+'), '[^a-z]+') as list,
           list
    from seat_domains
    join unweighed using (m)
    where local is not null and strlen(local) = length(local)
), split as (
    select m, source, raw, unnest(list) as word, unnest(range(1, len(list) + 1)) as place
    from listed
), started as (
    select m, source, list, every, unnest(range(1, len(every))) as place
    from listed
), parts as (
    select m, source, list, place, every[place:place + 1] as parts from started
    union all
    select m, source, list, place, every[place:place + 2] from started where place + 2 <= len(every)
), otherwise as (
    select m, source, array_to_string(parts, '') as word, place,
           len(list_filter(parts, lambda part: list_contains(list, part))) as covers
    from parts
    union all
    select split.m, split.source, spoken_otherwise.two, split.place, 1
    from split
    join spoken_otherwise on spoken_otherwise.raw = split.raw and spoken_otherwise.one = split.word
), either as (
    select m, source, word, place, 1 as covers, false as is_joined from split
    union all
    select m, source, word, place, covers, true
    from otherwise
    where word in (select word from known_words where not is_joined)
)
select m, source::tinyint as source, word, min(place)::tinyint as place, min(covers)::tinyint as covers,
       bool_and(is_joined) as is_joined, list_contains($small, word) as is_small,
       count(*) filter (where not is_joined) > 1 as is_twice
from either
where word <> ''
group by m, source, word
"""
SAID_TWICE = """
insert into said_words
select m, source, word || ' ' || word, place + 64, 1, false, false, false from said_words where is_twice
"""

# known_words: one row per word of the directory; t its place in the alphabet, people how many carry it.
# is_joined where nobody carries it but as several words.
KNOWN_WORDS = """
create table known_words as
select (row_number() over (order by word) - 1)::integer as t, word, count(*)::integer as people,
       bool_and(is_joined) as is_joined
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

CARRIED = """
create table carried as
select p, t, role, covers, carried_words.is_joined from carried_words join known_words using (word)
"""
SAID = """
create temp table said as
select m, source, t, place, word, covers, is_joined, is_small from said_words join vocabulary using (word)
"""

# other_ways: one row per (said, carried) words that are one name (spelling, nickname) or may be (consonants).
OTHER_WAYS = """
create temp table other_ways as
with ways as (
    select said::varchar as said, carried::varchar as carried, 'nickname' as kind from nicknames
    union all select said::varchar, carried::varchar, 'spelling' from spellings
    union all select one, two, 'spelling' from carried_otherwise
    union all select two, one, 'spelling' from carried_otherwise
)
select said, carried, max(kind) as kind  -- the surest comes last in the alphabet
from (
    select s.t as said, c.t as carried, kind
    from ways
    join vocabulary as s on s.word = ways.said
    join vocabulary as c on c.word = ways.carried
    where c.people > 0 and s.t <> c.t
    union all
    select said, carried, 'consonants' from by_consonants
)
group by said, carried
"""

# near: one row per (said, carried) words that may be the same: kind same, spelling, nickname, typo,
# alike or consonants.
NEAR = """
create temp table near as
select distinct t as said, t as carried, 'same' as kind
from said
where t in (select t from carried)
union all
select said, carried, kind
from other_ways
where said in (select t from said)
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
    anti join other_ways using (said, carried)
)
where place <= $neighbours
"""


def list_words(con: duckdb.DuckDBPyConnection) -> None:
    """Create `known_words` and `carried` (p, t, role, covers, is_joined) from `carried_names`."""
    con.execute(CARRIED_WORDS, {"together": TOGETHER, "short": SHORT})
    con.execute(CARRIED_TWICE)
    con.execute(KNOWN_WORDS)
    con.execute(CARRIED)
    con.execute("drop table carried_words")


def encode(con: duckdb.DuckDBPyConnection) -> None:
    """Create `vocabulary` and `said` from `spoken`."""
    con.execute(SAID_WORDS, {"small": sorted(PARTICLES | BESIDES)})
    con.execute(SAID_TWICE)
    con.execute(VOCABULARY)
    con.execute(SAID)


@contextmanager
def words_compared(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Create `near` at the end; the words are measured beside what is done meanwhile."""
    words = con.execute("select word from vocabulary order by t").fetchnumpy()["word"]
    said = con.execute("select distinct t from said where not is_joined").fetchnumpy()["t"]
    known = con.execute("select t from known_words where not is_joined").fetchnumpy()["t"]
    with ThreadPoolExecutor(1) as beside:
        measured = beside.submit(near_words, np.asarray(words), np.asarray(said), np.asarray(known))
        compare_consonants(con)
        with seen(con, "nicknames", nicknames()), seen(con, "spellings", spellings()):
            con.execute(OTHER_WAYS)
        yield
        with seen(con, "measured", measured.result()):
            con.execute(NEAR, {"neighbours": NEIGHBOURS})
