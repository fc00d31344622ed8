"""Names of scripts that leave the vowels out: what is left of them, and of the Latin spelling, is the same.

Arabic and Hebrew write Rania as r-n-y: folded to ASCII there is nothing else to go by. Many names have the same
consonants (Amin, Amina, Mona), so this suggests and never decides: it weighs as words that are alike.
"""

import duckdb

NEIGHBOURS = 10  # of one word

# c and q count as k, v as b, j as g, which are spelt so elsewhere; w and y are vowels too; a final h is silent.
MACROS = """
create or replace temp macro is_unvowelled(word) as regexp_full_match(word, '[b-df-hj-np-tv-z]{2,}');
create or replace temp macro bare(word) as
    regexp_replace(regexp_replace(translate(word, 'cqvj', 'kkbg'), 'h$', ''), '[aeiouwy]', '', 'g');
create or replace temp macro undoubled(word) as array_to_string(list_filter(
    string_split(word, ''), lambda letter, place: place = 1 or letter <> word[place - 1]), '');
"""

# by_consonants: one row per (said, carried) words with the same consonants, of which one has no vowels.
BY_CONSONANTS = """
create temp table by_consonants as
with written as (
    select t, people, undoubled(bare(word)) as consonants, is_unvowelled(word) as is_unvowelled
    from vocabulary
    where exists (select 1 from vocabulary where is_unvowelled(word))
), spelt as (
    select t, people, consonants, is_unvowelled from written
    union all  -- without the Arabic article
    select t, people, consonants[2:], true
    from written
    where is_unvowelled and consonants[1] = 'l' and length(consonants) > 2
), agreeing as (
    select distinct s.t as said, c.t as carried, c.people
    from spelt as s
    join spelt as c using (consonants)
    where consonants <> '' and c.people > 0 and s.t <> c.t and (s.is_unvowelled or c.is_unvowelled)
      and s.t in (select t from said)
), ranked as (
    select said, carried, row_number() over (partition by said order by people desc, carried) as place
    from agreeing
)
select said, carried from ranked where place <= $neighbours
"""


def compare_consonants(con: duckdb.DuckDBPyConnection) -> None:
    """Create `by_consonants` (said, carried) from `vocabulary` and `said`."""
    con.execute(MACROS)
    con.execute(BY_CONSONANTS, {"neighbours": NEIGHBOURS})
