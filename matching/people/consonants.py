"""Names of scripts that leave the vowels out: what is left of them, and of the Latin spelling, is the same.

Arabic and Hebrew write Rania as r-n-y: folded to ASCII there is nothing else to go by. Many names have the
same consonants (Amin, Amina, Mona), so this suggests and never decides: it weighs as words that are alike.
"""

import duckdb

NEIGHBOURS = 10  # of one word

# c and q count as k, v as b, j as g, which are spelt so elsewhere; w and y are vowels too; an h at the end is
# silent, and two of one letter are one.
DOUBLED = "|".join(letter * 2 for letter in "bdfghklmnprstxz")
MACROS = f"""
create or replace temp macro is_unvowelled(word) as not regexp_matches(word, '[aeiou]') and length(word) > 1;
create or replace temp macro bare(word) as rtrim(translate(word, 'cqvjaeiouwy', 'kkbg'), 'h');
create or replace temp macro undoubled(word) as case when regexp_matches(word, '{DOUBLED}')
    then array_to_string(list_filter(
        string_split(word, ''), lambda letter, place: place = 1 or letter <> word[place - 1]), '')
    else word end;
"""

# by_consonants: one row per (said, carried) words with the same consonants, of which one has no vowels.
BY_CONSONANTS = """
create temp table by_consonants as
with bones as (
    select t, people, bare(word) as bones, is_unvowelled(word) as is_unvowelled from vocabulary
), ends as (  -- by which most words are out of the question at little cost
    select bones[1] || bones[-1] from bones where is_unvowelled
    union select bones[2] || bones[-1] from bones where is_unvowelled and bones[1] = 'l'
), written as (
    select t, people, undoubled(bones) as consonants, is_unvowelled
    from bones
    where bones[1] || bones[-1] in (from ends)
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
