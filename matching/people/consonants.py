"""Names of scripts that leave the vowels out: what is left of them, and of the Latin spelling, is the same.

Arabic and Hebrew write Rania as r-n-y: folded to ASCII there is nothing else to go by. Many names have the same
consonants (Amin, Amina, Mona), so this suggests and never decides: kind consonants weighs as alike.
"""

import duckdb

NEIGHBOURS = 10  # of one word

MACROS = """
create or replace temp macro is_unvowelled(word) as regexp_full_match(word, '[b-df-hj-np-tv-z]{2,}');
-- c and q as k, v as b, j as g: spelt otherwise elsewhere; w and y are vowels as well; a final h is silent
create or replace temp macro bare_of(word) as
    regexp_replace(regexp_replace(translate(word, 'cqvj', 'kkbg'), 'h$', ''), '[aeiouwy]', '', 'g');
create or replace temp macro consonants_of(word) as array_to_string(list_filter(
    string_split(bare_of(word), ''), lambda letter, place: place = 1 or letter <> bare_of(word)[place - 1]
), '');
"""

# unvowelled: one row per word t that is written so; not those of Latin names that the directory knows (Ng, Lynn).
UNVOWELLED = """
create temp table unvowelled as
select t from vocabulary where people = 0 and is_unvowelled(word)
union
select vocabulary.t
from (
    select unnest(string_split(words, ' ')) as word
    from (select raw, words from spoken union all select raw, words from carried_names)
    where strlen(raw) <> length(raw)
)
join vocabulary using (word)
where is_unvowelled(word)
"""

# by_consonants: one row per (said, carried) words of which one is unvowelled and the consonants are the same.
BY_CONSONANTS = """
create temp table by_consonants as
with written as (
    select t, word, people, consonants_of(word) as left_over, t in (from unvowelled) as is_unvowelled
    from vocabulary
), spelt as (
    select t, people, left_over, is_unvowelled from written
    union all  -- with the Arabic article
    select t, people, left_over[2:], true from written
    where is_unvowelled and left_over[1] = 'l' and length(left_over) > 2
)
select said, carried
from (
    select said, carried, row_number() over (partition by said order by people desc, carried) as place
    from (
        select distinct s.t as said, c.t as carried, c.people
        from spelt as s
        join spelt as c using (left_over)
        where s.left_over <> '' and c.people > 0 and s.t <> c.t and (s.is_unvowelled or c.is_unvowelled)
          and s.t in (select t from said)
    )
)
where place <= $neighbours
"""


def compare_consonants(con: duckdb.DuckDBPyConnection) -> None:
    """Create `by_consonants` (said, carried) from `vocabulary`, `said` and the names as they were written."""
    con.execute(MACROS)
    con.execute(UNVOWELLED)
    con.execute(BY_CONSONANTS, {"neighbours": NEIGHBOURS})
    con.execute("drop table unvowelled")
