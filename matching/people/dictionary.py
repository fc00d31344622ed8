"""Names as numbers: each distinct word once, who carries it, who says it, which words are nearly the same.

Two hundred thousand people have some twenty thousand words, so words are compared and people are not.
"""

import duckdb
import numpy as np
import pandas as pd
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from matching.people.nicknames import nicknames

SHORTEST_TYPO, LONGEST_TYPO = 4, 32  # letters: three letters with one changed are another name
LIKENESS = 0.88  # Jaro-Winkler
NEIGHBOURS = 10  # of one word
CROWDED_KEY = 60  # words that share a deletion key; more of them tell nothing, and cost their square
PAIRS_AT_ONCE = 1_000_000

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

# The first seven letters of a word, and what is left of them without one or, in long words, two. Words within
# one or two edits share such a key (the SymSpell method: linear, never a square of comparisons).
DELETIONS = """
with starts as (
    select t, word[1:7] as key, length(word) as size
    from vocabulary
    where {which} and length(word) between $shortest and $longest
), once as (
    select t, size,
           unnest(list_transform(range(1, length(key) + 1), lambda i: key[1:i - 1] || key[i + 1:])) as key
    from starts
), twice as (
    select t, unnest(list_transform(range(1, length(key) + 1), lambda i: key[1:i - 1] || key[i + 1:])) as key
    from once
    where size >= 7
)
select t, key from starts
union all select t, key from once
union all select t, key from twice
"""

SAID_KEYS = f"""
create temp table said_keys as
select distinct t, key
from ({DELETIONS.format(which="t in (select t from said)")})
"""  # noqa: S608 - composed of constants

# Pairs (said, carried) that share a key that is not crowded.
CLOSE_PAIRS = f"""
with carriers as (
    select key, list(distinct t) as words
    from ({DELETIONS.format(which="people > 0")})
    where key in (select key from said_keys)
    group by key
    having count(distinct t) <= $crowded
), pairs as (
    select said_keys.t as said, unnest(carriers.words) as carried
    from said_keys
    join carriers using (key)
)
select distinct said, carried
from pairs
where said <> carried
"""  # noqa: S608 - composed of constants

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
    lengths = {"shortest": SHORTEST_TYPO, "longest": LONGEST_TYPO}
    con.execute(SAID_KEYS, lengths)
    pairs = con.execute(CLOSE_PAIRS, {"crowded": CROWDED_KEY} | lengths).fetchnumpy()
    words = np.asarray(con.execute("select word from vocabulary order by t").fetchnumpy()["word"])
    said, carried = np.asarray(pairs["said"]), np.asarray(pairs["carried"])
    parts = [
        _measured(words, said[start : start + PAIRS_AT_ONCE], carried[start : start + PAIRS_AT_ONCE])
        for start in range(0, max(len(said), 1), PAIRS_AT_ONCE)
    ]
    con.register("measured", pd.concat(parts))
    con.register("nicknames", nicknames())
    con.execute(NEAR, {"neighbours": NEIGHBOURS})
    con.unregister("measured")
    con.unregister("nicknames")


def _measured(words: np.ndarray, said: np.ndarray, carried: np.ndarray) -> pd.DataFrame:
    """Return the pairs of words that are near: one row per pair with kind typo (one edit) or alike."""
    left, right = words[said], words[carried]
    edits = cpdist(left, right, scorer=OSA.distance, score_cutoff=1, workers=-1)
    likeness = cpdist(left, right, scorer=JaroWinkler.normalized_similarity, workers=-1)
    near = (edits <= 1) | (likeness >= LIKENESS)
    kind = np.where(edits[near] <= 1, "typo", "alike")
    return pd.DataFrame({"said": said[near], "carried": carried[near], "kind": kind})
