"""What people decided about who a member is: it beats every rule (design §8)."""

import duckdb
import pandas as pd

from matching.people.frames import create, load_members, load_people, texts
from matching.people.tables import workspace

COLUMNS = ("kind", "member_id", "person_id", "evidence")

# facts_of: what is known about a pair, in one number: the names and addresses of both. Capitals and blanks
# are no new evidence.
FACTS = """
create or replace temp macro fingerprint(name, email, own) as md5(regexp_replace(
    trim(lower(concat_ws(chr(31), coalesce(name, ''), coalesce(email, ''), own))), '\\s+', ' ', 'g'))
"""

# person_facts: one row per person that a decision names.
PERSON_FACTS = """
create temp table person_facts as
with listed as (
    select p, string_agg(alias, chr(30) order by alias) as aliases from aliases group by p
)
select persons.p, concat_ws(
           chr(31), coalesce(given_name, ''), coalesce(family_name, ''), coalesce(display_name, ''),
           coalesce(primary_email, ''), coalesce(user_name, ''), coalesce(aliases, '')
       ) as own
from persons
left join listed using (p)
where person_id in (select person_id from incoming)
"""

# decided: one row per decision about a member and a person who are there.
DECIDED = """
create temp table decided as
select distinct incoming.kind, seats.m, persons.p, nullif(incoming.evidence, '') as rejected_on,
       fingerprint(seats.name, seats.email, person_facts.own) as facts
from incoming
join seats using (member_id)
join persons using (person_id)
join person_facts using (p)
"""

# pinned: one row per member whom somebody said who he is.
PINNED = "create temp table pinned as select m, p from decided where kind = 'link'"

# once_rejected: one row per pair that somebody ever said no to: it is never linked by a rule again.
ONCE_REJECTED = "create temp table once_rejected as select distinct m, p from decided where kind = 'reject'"

# rejected: one row per pair that somebody said no to; it comes back when a name or address of either changed.
REJECTED = """
create temp table rejected as
select distinct m, p from decided where kind = 'reject' and coalesce(rejected_on = facts, true)
"""


def load_decisions(con: duckdb.DuckDBPyConnection, decisions: pd.DataFrame | None) -> None:
    """Create `pinned` (m, p) and `rejected` (m, p) from one row per decision with COLUMNS.

    kind is link or reject; evidence is what `facts_of` said of the pair when it was rejected, empty where it
    is rejected whatever comes. Raises ValueError for another kind, or a member linked to two persons.
    """
    frame = texts(pd.DataFrame(columns=list(COLUMNS)) if decisions is None else decisions, COLUMNS)
    if unknown := sorted(set(frame["kind"].dropna()) - {"link", "reject"}):
        raise ValueError(f"a decision is link or reject, not {unknown[0]!r}")
    links = frame[frame["kind"] == "link"].drop_duplicates(["member_id", "person_id"])
    if twice := sorted(set(links["member_id"][links["member_id"].duplicated()])):
        raise ValueError(f"a decision links {twice[0]} to two persons")
    con.execute(FACTS)
    create(con, PERSON_FACTS, frame)
    create(con, DECIDED, frame)
    con.execute(PINNED)
    con.execute(ONCE_REJECTED)
    con.execute(REJECTED)


def facts_of(members: pd.DataFrame, people: pd.DataFrame, pairs: pd.DataFrame) -> list[str | None]:
    """Return for each row of `pairs` (member_id, person_id) what is known about it now, as one short text.

    None where the member or the person is not there.
    """
    with workspace(len(people)) as con:
        load_members(con, members)
        load_people(con, people)
        load_decisions(con, pairs.assign(kind="reject", evidence=None))
        rows = con.execute(
            "select member_id, person_id, facts from decided join seats using (m) join persons using (p)"
        ).fetchall()
    known = {(member, person): facts for member, person, facts in rows}
    return [known.get(pair) for pair in zip(pairs["member_id"], pairs["person_id"], strict=True)]
