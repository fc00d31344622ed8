"""Members about whom the same was asked before, of the same directory: what came out stands.

What a member's name and address are worth rests on the directory and on what is known of that one member,
the class of the address included; never on another member. While all of that is the same, so are the bits.
What rests on the others (whose seat it is, how likely anybody is nobody) is always worked out anew.
"""

from dataclasses import dataclass, field
from hashlib import sha256

import duckdb
import pandas as pd

from matching.people.directory import Texts
from matching.people.score import create_weighed

NOBODY_FOUND = -1  # p of the one row of a question to which there is no candidate
WEIGHED = (
    "p", "crowd", "source", "hits", "given", "family", "given_grade", "family_grade", "is_denied",
    "given_cb", "family_cb", "other_cb", "lift_cb", "is_same_domain", "is_same_local", "email_cb",
)  # fmt: skip

# questions: one row per unsettled member; question is a digest of all that is asked about that member.
# Each part is a digest of its own first, so that no text can pass for two.
QUESTIONS = """
create temp table questions as
with doubts as (
    select m, string_agg(concat_ws(' ', p, strength, reason), ',' order by p) as said from doubted group by m
), noes as (
    select m, string_agg(p, ',' order by p) as said from rejected group by m
)
select unsettled.m, sha256(concat_ws(' ', sha256(coalesce(seats.name, '')), sha256(coalesce(address, '')),
           class, 'kept', kept.p, 'doubted', doubts.said, 'rejected', noes.said)) as question
from unsettled
join seats using (m)
join seat_domains using (m)
left join kept using (m)
left join doubts using (m)
left join noes using (m)
"""

# The answers that are known already. Several members may ask the same.
RECALL = """
insert into weighed by name
select questions.m, before.* exclude (question)
from questions
join before using (question)
where before.p <> $nobody
"""

UNWEIGHED = """
create temp table unweighed as
select m from questions anti join before using (question)
"""

# One row per (question, p), or the one that says that there is nobody.
TO_REMEMBER = f"""
select distinct question, {
    ", ".join(
        f"coalesce({name}, {'false' if name.startswith('is_') else '0'})::"
        f"{'boolean' if name.startswith('is_') else 'integer'} as {name}"
        for name in WEIGHED
        if name != "p"
    )
},
       coalesce(p, $nobody)::integer as p
from questions
left join weighed using (m)
order by question, p
"""  # noqa: S608 - composed of constants


def _empty() -> pd.DataFrame:
    kinds = {name: "bool" if name.startswith("is_") else "int32" for name in WEIGHED}
    return pd.DataFrame(columns=["question", *WEIGHED]).astype({"question": "str", **kinds})


@dataclass(frozen=True, slots=True)
class Weighed:
    """What was worked out about members, to be used while it rests on the same ground.

    `ground`: a digest of the directory. `rows`: one row per (question, p), with the
    bits in hundredths; p counts the persons in the order of their ids, and is -1 in the only row of a
    question to which there is no candidate. No names, no addresses. It says nothing of the program that made
    it: who keeps it must not use it with another one.
    """

    ground: str = ""
    rows: pd.DataFrame = field(default_factory=_empty)


def ground_of(texts: Texts) -> str:
    """Return a digest of what the bits rest on besides the member: the directory."""
    return sha256(texts.weighed.encode()).hexdigest()


def recall(con: duckdb.DuckDBPyConnection, before: Weighed | None) -> int:
    """Create `weighed` with what is known already, `questions`, and `unweighed` (m): who has to be weighed.

    Returns how many are in `unweighed`.
    """
    create_weighed(con)
    con.execute(QUESTIONS)
    con.register("before", _empty() if before is None else before.rows)
    try:
        con.execute(UNWEIGHED)
        con.execute(RECALL, {"nobody": NOBODY_FOUND})
    finally:
        con.unregister("before")
    return int(con.execute("select count(*) from unweighed").fetchall()[0][0])


def to_remember(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return the rows of `Weighed`, of all who were asked about now."""
    return con.execute(TO_REMEMBER, {"nobody": NOBODY_FOUND}).df()[["question", *WEIGHED]]
