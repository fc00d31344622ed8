"""Two names written as one word: "anasilva", "asilva", "silvaa"."""

import duckdb

SHORTEST = 5  # letters

SHAPE = "create or replace temp macro shape(first, second, size) as (first * 128 + second) * 1024 + size"

# glued: given and family name in one word ("anasilva", "asilva", "silvaa"); one row per (m, source, p).
GLUED = """
create temp table glued as
with wanted as (
    select said.m, said.source, said.t, vocabulary.word
    from said
    join vocabulary using (t)
    semi join seekers using (m)
    where vocabulary.people = 0 and length(vocabulary.word) >= $shortest
), shapes as (  -- first two letters and length, by which most are out of the question at little cost
    select distinct shape(ascii(word), ascii(word[2]), length(word)) as shape from wanted
), known as (
    select t, word, ascii(word) as first, ascii(word[2]) as second, length(word) as size
    from (select t, split_part(word, ' ', 1) as word from vocabulary)
), named as (
    select given.p, given.t as given, family.t as family, g.word as gw, g.first as g1, g.second as g2,
           g.size as gs, f.word as fw, f.first as f1, f.second as f2, f.size as fs
    from carried as given
    join carried as family on family.p = given.p and family.role = 2
    join known as g on g.t = given.t
    join known as f on f.t = family.t
    where given.role = 1 and exists (select 1 from wanted)
), written as (
    select p, given, family, gw || fw as word, true as is_full from named
    semi join shapes on shape = shape(g1, if(gs > 1, g2, f1), gs + fs)
    union all
    select p, given, family, fw || gw, true from named
    semi join shapes on shape = shape(f1, if(fs > 1, f2, g1), fs + gs)
    union all
    select p, given, family, gw[1] || fw, false from named
    semi join shapes on shape = shape(g1, f1, 1 + fs)
    union all
    select p, given, family, fw || gw[1], false from named
    semi join shapes on shape = shape(f1, if(fs > 1, f2, g1), fs + 1)
    union all
    select p, given, family, gw || fw[1], false from named
    semi join shapes on shape = shape(g1, if(gs > 1, g2, f1), gs + 1)
), matching as (
    select p, word, bool_or(is_full) as is_full, min(given) as given, min(family) as family
    from written
    where word in (select word from wanted)
    group by p, word
), ranked as (
    select p, word, is_full, given, family, count(*) over (partition by word) as people,
           row_number() over (partition by word order by is_full desc, p) as place
    from matching
)
select wanted.m, wanted.source, wanted.t, ranked.p, ranked.is_full, ranked.given, ranked.family, ranked.people
from ranked
join wanted using (word)
where ranked.place <= $kept
"""


def find_glued(con: duckdb.DuckDBPyConnection, kept: int) -> None:
    """Create `glued` from `said`, `seekers` and `carried`: at most so many persons behind a word."""
    con.execute(SHAPE)
    con.execute(GLUED, {"shortest": SHORTEST, "kept": kept})
