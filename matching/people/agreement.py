"""Which words of a member and of a person agree, and what each of them is worth.

Bits are whole hundredths, as in the scores.
"""

import duckdb

# hits: one row per (m, p, source, said, carried) words that agree; grade 1 same, 2 typo, 3 alike, 4 initial,
# 5 written as one word by one side, 6 nickname, 7 another spelling. A letter that makes another name (one of
# the directory, or Maria of Marie) is alike, no typo. says, covers: for how many words of each side it
# stands; fills: of those that need a counterpart. Two joined on both sides agree word by word already.
HITS = """
create temp table hits as
with lone as (
    select m, source, t, word, place
    from said
    semi join (select distinct m from pairs) using (m)
), bare as (
    select carried.p, carried.t, carried.role, vocabulary.word
    from carried
    join vocabulary using (t)
    semi join (select distinct p from pairs) using (p)
    where not carried.is_joined
), agreeing as (
    select pairs.m, pairs.p, said.source, said.t as said, said.place, carried.t as carried, carried.role,
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
    select pairs.m, pairs.p, lone.source, lone.t, lone.place, bare.t, bare.role, 1, 1, 1, false, 4, letters.cb
    from pairs
    join lone using (m)
    join bare on bare.p = pairs.p and bare.word[1] = lone.word[1]
    join letters on letters.letter = lone.word[1]
    where lone.word <> bare.word and (length(lone.word) = 1 or length(bare.word) = 1)
)
select m, p, source, said, place, carried, role, says, fills, covers, grade, cb
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

# aligned: each said word, however spelt (all its spellings have one place), agrees with one carried word, and
# each carried word with one said word. A same given or family name comes before what stands only in the
# display name, perhaps in another script.
ALIGNED = """
create temp table aligned as
with by_said as (
    select m, p, source, said, carried, role, says, fills, covers, grade, cb,
           row_number() over (
               partition by m, p, source, hits.place
               order by role < 3 and grade in (1, 5) desc, cb desc, grade, role, carried, said
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


def agree(con: duckdb.DuckDBPyConnection) -> None:
    """Create `aligned` from `pairs`, `said`, `near` and `glued`."""
    con.execute(HITS)
    con.execute(ALIGNED)
    con.execute("drop table hits")
