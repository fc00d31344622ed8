"""What follows from the bits: how sure one may be, the outcome, and the reason in one word."""

from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd

from matching.people.exact import RULES
from matching.people.odds import outsider_bits

SHOWN = 5  # candidates per member
NOBODY = -100.0  # the score of a member without candidates
CERTAIN = {
    "exact_address": 60.0,
    "alias": 58.0,
    "user_name": 55.0,
    "plus_address": 52.0,
    "earlier_link": 50.0,
    "decision": 70.0,
}
CLOSE_CB = 300  # hundredths of a bit: a second person so near is a namesake
ALIKE = 3  # the grade of a word that may well be another name
INITIAL = 4  # the grade of a word that agrees in its first letter only

# matched_rows: one row per settled member.
MATCHED_ROWS = "select m, p, strength from settled order by m"

# scored_rows: one row per pair, the best of each member first, or who it was before; between equals the lower
# person id.
SCORED_ROWS = """
select m, p, crowd, kept, doubt, strength, class, source, hits, given, family, given_grade, family_grade,
       was_rejected, given_cb, family_cb, other_cb, lift_cb, email_cb, seat_cb, is_same_domain, is_same_local,
       given_cb + family_cb + other_cb + lift_cb + email_cb + seat_cb as total_cb
from scored
order by m, kept <> '' desc, total_cb desc, p
"""


@dataclass(frozen=True, slots=True)
class Policy:
    """What an operator allows without being asked.

    By name means: by anything but an address that is one person's. With "low_privilege" only those members
    are linked so whose `by_name` is true: who decides that knows roles and grants.
    """

    auto_match_posterior: float = 0.99
    auto_match_by_name: str = "low_privilege"  # or never, always
    review_floor: float = 0.05  # the least probability that any of the candidates is it, to be worth a look


def settled_rows(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return one row per linked member: m, p, rule, reason, outcome, posterior, score."""
    rows = con.execute(MATCHED_ROWS).df()
    rules = np.array(RULES, dtype=object)
    rule = pd.Series(rules[rows["strength"].to_numpy(dtype="int64") - 1], index=rows.index, dtype="str")
    score = rule.map(CERTAIN).astype("float64")
    return pd.DataFrame(
        {
            "m": rows["m"], "p": rows["p"], "outcome": "matched", "rule": rule, "reason": rule,
            "posterior": 1 / (1 + np.exp2(-score)), "score": score,
        }
    )  # fmt: skip


def ranked_rows(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return the pairs in `scored` as one row each, with rank, posterior, score and `plausible`.

    Rivals and "nobody in the directory" compete for the probability. `plausible` is what "nobody" leaves: the
    probability that one of the candidates is the person, those that are not shown included.
    """
    rows = con.execute(SCORED_ROWS).df()
    people = max(con.execute("select count(*) from persons").fetchall()[0][0], 1)
    bits = rows["total_cb"].to_numpy(dtype="float64") / 100
    # Of a crowd behind one key at most eight came this far; each stands for its share of the others.
    alike = np.maximum(1.0, rows["crowd"].to_numpy(dtype="float64") / 8)
    first = rows["m"].ne(rows["m"].shift()).to_numpy(dtype=bool)
    member = np.cumsum(first) - 1
    starts = np.flatnonzero(first)
    best = np.maximum.reduceat(bits, starts) if len(starts) else bits
    mass = np.bincount(member, weights=np.exp2(bits - best[member]) * alike, minlength=len(starts))
    nobody = np.log2(people) + outsider_bits(con, rows[first], best + np.log2(mass) - np.log2(people))
    top, nobody = np.maximum(best, nobody)[member], nobody[member]
    mass = np.exp2(bits - top)
    all_people = np.bincount(member, weights=mass * alike, minlength=len(starts))[member]
    outside = np.exp2(nobody - top)
    rest = np.maximum(all_people + outside - mass, np.finfo("float64").tiny)
    score = np.clip(bits - top - np.log2(rest), -99.0, 49.0)
    rows["rank"] = np.arange(len(rows)) - starts[member] + 1 if len(rows) else np.zeros(0, dtype="int64")
    rows["posterior"] = np.round(1 / (1 + np.exp2(-score)), 9)
    rows["score"] = np.round(score, 6)
    rows["plausible"] = all_people / (all_people + outside)
    rows["gap_cb"] = rows["total_cb"] - rows["total_cb"].shift(-1).where(rows["m"].eq(rows["m"].shift(-1)))
    return rows


def open_rows(
    ranked: pd.DataFrame, seats: pd.DataFrame, persons: pd.DataFrame, policy: Policy
) -> pd.DataFrame:
    """Return one row per member with candidates: the best person, the outcome, and why.

    `seats`: one row per member with m, pool and by_name; `persons`: one row per person with p and by_name.
    Who is surely somebody by name is matched, unless another member of the same pool is surely the same
    person: then both are for review. Who was linked by name before stays so while that person has no other
    seat.
    """
    best = ranked[ranked["rank"] == 1].merge(seats[["m", "pool", "by_name"]], on="m")
    best = best.merge(persons[["p", "by_name"]], on="p", suffixes=("", "_of_person"))
    worth_a_look = (best["doubt"] != "") | (best["plausible"] >= policy.review_floor)
    reasons = pd.Series(_reasons(best), index=best.index, dtype="str")
    careful = policy.auto_match_by_name != "always"
    free, otherwise = _is_free(best), _speaks_otherwise(best, careful)
    sure = (best["posterior"] >= policy.auto_match_posterior) & _is_whole_name(best, careful)
    sure &= free & ~otherwise
    claimed_twice = sure & best[sure].duplicated(["p", "pool"], keep=False).reindex(
        best.index, fill_value=False
    )
    stays = (best["kept"] != "") & free & (~otherwise | ~best["by_name_of_person"])
    may = best["by_name_of_person"] & (policy.auto_match_by_name != "never")
    if policy.auto_match_by_name == "low_privilege":
        may &= best["by_name"]
    matched = stays | (sure & may & ~claimed_twice)
    rule = best["kept"].where(stays, reasons)
    outcome = np.where(matched, "matched", np.where(worth_a_look, "review", "unmatched"))
    return pd.DataFrame(
        {
            "m": best["m"], "p": best["p"], "outcome": outcome, "rule": rule.where(matched),
            "reason": rule.mask(claimed_twice & ~stays, "taken"), "posterior": best["posterior"],
            "score": best["score"],
        }
    )  # fmt: skip


def _is_whole_name(best: pd.DataFrame, careful: bool) -> pd.Series:
    """Say where enough agrees to link by: two words of a name at least, and none of them by its initial.

    Couples and siblings share a family name, and often an initial. What stands before the "@" is not enough
    for who is careful: the member calls himself otherwise.
    """
    both = (best["given"] > 0) & (best["family"] > 0)
    initial = (best["given_grade"] == INITIAL) | (best["family_grade"] == INITIAL)
    said = (best["source"] == 1) | (not careful)
    # Juana is no misspelt Juan, nor Justus Justin: sisters and brothers share the family name.
    another = best["given_grade"] == ALIKE
    return (best["hits"] >= 2) & both & ~initial & ~another & said


def _is_free(best: pd.DataFrame) -> pd.Series:
    """Say where nothing stands in the way: no doubt, no seat in the same pool, and nobody ever said no."""
    return (best["doubt"] == "") & (best["seat_cb"] == 0) & ~best["was_rejected"]


def _speaks_otherwise(best: pd.DataFrame, careful: bool) -> pd.Series:
    """Say where the address speaks for somebody else: another company's; or, for who is careful, one of ours.

    An address on our own domain that nobody in the directory has may be that of a colleague who left and was
    deleted, and who had the same name.
    """
    elsewhere = (best["class"] == "foreign") & ~best["is_same_domain"]
    return elsewhere | ((best["class"] == "own") & careful)


def _reasons(best: pd.DataFrame) -> np.ndarray:
    """Return why the best person of each member was not linked: the first of these that holds."""
    initial = (best["given_grade"] == INITIAL) | (best["family_grade"] == INITIAL)
    whys = [
        (best["doubt"] == "ambiguous_address", "ambiguous_address"),
        ((best["doubt"] == "taken") | (best["seat_cb"] < 0), "taken"),
        ((best["class"] == "former") & best["is_same_local"], "former_domain"),
        ((best["class"] == "foreign") & ~best["is_same_domain"], "foreign_address"),
        ((best["crowd"] > 1) & (best["gap_cb"] < CLOSE_CB), "namesake"),
        ((best["given"] > 0) & (best["family"] == 0), "given_name_only"),
        (initial, "initial_only"),
    ]
    return np.select([np.asarray(when, dtype=bool) for when, _ in whys], [why for _, why in whys], "name")
