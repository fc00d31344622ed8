"""Which person of the directory each member is: frames in, frames out."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import duckdb
import pandas as pd

from matching.people.asked_before import Weighed, ground_of, recall, to_remember
from matching.people.decide import Policy
from matching.people.decisions import load_decisions
from matching.people.directory import directory, texts_of
from matching.people.evidence import explain
from matching.people.frames import load_earlier, load_members
from matching.people.score import weigh_pairs
from matching.people.stages import ask_everybody, conclude, find, settle_addresses

__all__ = ["Matched", "Policy", "match_people"]

OUTCOMES = """
select member_id, outcome, person_id, rule, posterior, score, reason from outcomes order by m
"""
CANDIDATES = "select member_id, rank, person_id, posterior, score from candidates order by m, rank"
EVIDENCE = """
select member_id, rank, person_id, one.field, one.member_value, one.person_value, one.comparison, one.bits
from (
    select m, rank, member_id, person_id, unnest(evidence) as one, unnest(range(len(evidence))) as place
    from explained
)
order by m, rank, place
"""


@dataclass(frozen=True, slots=True)
class Matched:
    """Who each member is, who else it might be, and why.

    outcomes: one row per member in the order of member_id; member_id, outcome (matched, review, unmatched),
    person_id (the best, also when nobody is linked; null without candidates), rule (null unless matched),
    posterior, score, reason.
    candidates: up to five rows per member; member_id, rank, person_id, posterior, score.
    evidence: one row per (member_id, rank, person_id, field); member_value, person_value, comparison, bits.
    weighed: what the next match may be given as `before`; empty unless this one was given something.
    asked_anew: how many members had to be weighed; the others were settled, or are known from `before`.
    """

    outcomes: pd.DataFrame
    candidates: pd.DataFrame
    evidence: pd.DataFrame
    weighed: Weighed = field(default_factory=Weighed)
    asked_anew: int = 0


def match_people(
    members: pd.DataFrame,
    people: pd.DataFrame,
    *,
    policy: Policy | None = None,
    own_domains: Sequence[str] = (),
    earlier_links: pd.DataFrame | None = None,
    decisions: pd.DataFrame | None = None,
    before: Weighed | None = None,
    once: bool = False,
) -> Matched:
    """Say for each member which person it is, might be, or that nobody is plausible.

    One row per member (member_id; name, email, first_name, last_name may be missing) and per person
    (person_id; the columns of the directory may be missing, aliases are lists). A person is linked to one
    member of each `pool` at most; without that column all members are of one. Whose `by_name` is false is not
    linked by name where the policy says low_privilege; nobody is to a person whose `by_name` is false.
    `earlier_links`: member_id, person_id, and the rule that linked them; those by name stand while nothing
    speaks against them. `decisions`: as in `load_decisions`. `before`: what an earlier match has worked out,
    or an empty `Weighed` for the first; whom it knows is not weighed again, and nothing comes out otherwise.
    `once`: nobody will match against these people again, so that they aren't kept in memory.
    The order of the rows changes nothing. Raises ValueError when an id is empty or comes twice.
    """
    texts = texts_of(people)
    ground = "" if before is None else ground_of(texts)
    prepared = directory(texts, once=once)
    del people, texts  # some hundred MB, where the caller holds them no more
    with prepared as opened:
        con = opened.con
        load_members(con, members)
        load_earlier(con, earlier_links)
        load_decisions(con, decisions)
        settle_addresses(con, own_domains)
        if before is None:
            ask_everybody(con)
            anew = 0
        else:
            anew = recall(con, before if before.ground == ground else None)
        if anew or before is None:
            opened.read_names()
            find(con)
            weigh_pairs(con)
        conclude(con, policy or Policy())
        found = _result(con)
        if before is None:
            return found
        return replace(found, weighed=Weighed(ground, to_remember(con)), asked_anew=anew)


def _result(con: duckdb.DuckDBPyConnection) -> Matched:
    explain(con)
    return Matched(con.execute(OUTCOMES).df(), con.execute(CANDIDATES).df(), con.execute(EVIDENCE).df())
