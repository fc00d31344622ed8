"""Which person of the directory each member is: the stages in their order."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import duckdb
import pandas as pd

from matching.people.asked_before import Weighed, ground_of, recall, to_remember
from matching.people.candidates import find_pairs
from matching.people.decide import NOBODY, SHOWN, Policy, open_rows, ranked_rows, settled_rows
from matching.people.decisions import load_decisions
from matching.people.dictionary import encode
from matching.people.directory import Directory, directory, texts_of
from matching.people.domains import classify
from matching.people.evidence import explain
from matching.people.exact import settle
from matching.people.fold import fold_addresses, fold_names
from matching.people.score import score, weigh_pairs
from matching.people.tables import load_earlier, load_members

__all__ = ["Matched", "Policy", "match_people"]

OUTCOMES = ["member_id", "outcome", "person_id", "rule", "posterior", "score", "reason"]
CANDIDATES = ["member_id", "rank", "person_id", "posterior", "score"]


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
        fold_addresses(con)
        classify(con, own_domains)
        settle(con)
        anew = recall(con, before if before and before.ground == ground else None)
        if anew:
            _weigh(opened)
        score(con)
        found = _result(con, policy or Policy())
        if before is None:
            return found
        return replace(found, weighed=Weighed(ground, to_remember(con)), asked_anew=anew)


def _weigh(opened: Directory) -> None:
    opened.read_names()
    for stage in (fold_names, encode, find_pairs, weigh_pairs):
        stage(opened.con)


def _result(con: duckdb.DuckDBPyConnection, policy: Policy) -> Matched:
    linked = settled_rows(con)
    ranked = ranked_rows(con)
    shown = ranked[ranked["rank"] <= SHOWN]
    seats = con.execute("select m, member_id, pool, by_name from seats order by m").df()
    persons = con.execute("select p, person_id, by_name from persons order by p").df()

    decided = pd.concat([linked, open_rows(ranked, seats, persons, policy)])
    persons = persons[["p", "person_id"]]
    seats = seats[["m", "member_id"]]
    outcomes = seats.merge(decided, on="m", how="left").merge(persons, on="p", how="left")
    nobody = {"outcome": "unmatched", "reason": "no_candidate", "posterior": 0.0, "score": NOBODY}
    outcomes = outcomes.fillna(nobody)

    certain = linked.assign(rank=1)[["m", "p", "rank", "posterior", "score"]]
    candidates = pd.concat([certain, shown[["m", "p", "rank", "posterior", "score"]]])
    candidates = candidates.merge(seats, on="m").merge(persons, on="p")
    candidates = candidates.sort_values(["m", "rank"], ignore_index=True)
    return Matched(outcomes[OUTCOMES], candidates[CANDIDATES], explain(con, linked, shown))
