"""How much a name tells: how rare each word is, and how much given and family names hang together.

All bits are whole hundredths, as in the scores.
"""

from string import ascii_lowercase, digits

import duckdb

# A directory of forty says little about how common a name is: three hundred imagined people, one word in ten
# thousand each, and twenty imagined pairs of namesakes, are added to what it says.
IMAGINED_PEOPLE, IMAGINED_SHARE, IMAGINED_NAMESAKES = 300, 1e-4, 20
SELDOM, IMAGINED_WORDS = 3, 50
INITIALS = ascii_lowercase + digits  # of folded words

# worth: one row per word of the directory: what sharing it tells, -log2 of its share, 2 to 24 bits.
# near_cb where it is only nearly shared: how many names lie close to it, its rarity doesn't tell.
# Of the words that one person carries most are rarer than one in the directory: how much rarer, those that
# two carry tell (Good and Turing: r people stand for (r + 1) n(r + 1) / n(r)), given and family names apart.
WORTH = """
create table worth as
with roles as (
    select t, mode(role order by role) as role from carried group by t
), words as (
    select t, role, people, is_joined from roles join known_words using (t)
), sizes as (
    select role, people, count(*) as words from words where not is_joined group by role, people
), adjusted as (
    select this.role, this.people,
           least(this.people, ((this.people + 1) * coalesce(next.words, 0) + $unsure * this.people)
                              / (this.words + $unsure)) as stands_for
    from sizes as this
    left join sizes as next on next.role = this.role and next.people = this.people + 1
    where this.people <= $seldom
)
select t, (100 * greatest(2, least(24, log2(
           ((select count(*) from persons) + $imagined)
           / (coalesce(stands_for, people) + $imagined * $share))))
       )::integer as cb,
       (100 * greatest(2, least(24, log2(
           ((select count(*) from persons) + $imagined) / (people + $imagined * $share))))
       )::integer as near_cb
from words
left join adjusted using (role, people)
"""

# holders: one row per person: letters, with which his names begin, as bits; his given and his family name
# where he has one of each.
HOLDERS = """
create temp table holders as
with first as (
    select t, 1::bigint << strpos($letters, word[1]) as letter from known_words
)
select p, bit_or(letter) filter (where role <= 2) as letters,
       case when count(*) filter (where role = 1) = 1 and count(*) filter (where role = 2) = 1
            then min(t) filter (where role = 1) end as given,
       min(t) filter (where role = 2) as family
from carried
join first using (t)
where not is_joined
group by p
"""

# letters: what a lone initial tells. It is never worth more than a common name: it must not attract.
LETTERS = """
create table letters as
select letter, (100 * greatest(1, least(6, log2((select count(*) from persons) / people))))::integer as cb
from (
    select $letters[place] as letter, sum(letters >> place & 1) as people
    from holders, range(1, length($letters) + 1) as places(place)
    group by place
)
where people > 0
"""

# lifts: given and family names hang together (a Nguyễn is an Anh more often than by chance): by how much, in
# hundredths of a bit, for family names of about the same size (1 to 7 people, 8 to 63, ...). Of two people
# with such a family name, how many share the given name as well, against any two people. One row per band.
LIFTS = """
create table lifts as
with named as (
    from holders where given is not null
), chance as (
    select coalesce(sum(n * (n - 1.0)) / max(people * (people - 1.0)), 0) as same_given
    from (select count(*) as n from named group by given), (select count(*) as people from named)
    where people > 1
), families as (
    select family, count(*) as n from named group by family
), together as (
    select family, sum(n * (n - 1.0)) / 2 as pairs
    from (select family, count(*) as n from named group by given, family)
    group by family
), bands as (
    select band(n) as band, sum(n * (n - 1.0)) / 2 * any_value(same_given) as expected, sum(pairs) as found
    from families
    join together using (family)
    cross join chance
    group by all
), overall as (
    select (coalesce(sum(found), 0) + $imagined) / (coalesce(sum(expected), 0) + $imagined) as ratio
    from bands
)
select band, (100 * greatest(0, least(6, log2(
           (found + $imagined * ratio) / (expected + $imagined)))))::integer as cb
from bands, overall
"""

# A name of so many people is of this band.
BAND = "create macro band(people) as floor(log2(people) / 3)::integer"


def weigh_names(con: duckdb.DuckDBPyConnection) -> None:
    """Create `worth` (t, cb, near_cb), `letters` (letter, cb), `lifts` (band, cb) and the macro `band`."""
    con.execute(
        WORTH,
        {"imagined": IMAGINED_PEOPLE, "share": IMAGINED_SHARE, "seldom": SELDOM, "unsure": IMAGINED_WORDS},
    )
    con.execute(HOLDERS, {"letters": INITIALS})
    con.execute(LETTERS, {"letters": INITIALS})
    con.execute(BAND)
    con.execute(LIFTS, {"imagined": IMAGINED_NAMESAKES})
    con.execute("drop table holders")
