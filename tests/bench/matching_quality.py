"""How good a matching is, against the truth: precision, recall, the review list.

python -m tests.bench.matching_quality --people 5000 --members 2000 --seed 1
"""

import argparse
import sys
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from deployments.sandbox.labelled import labelled
from matching.people.link import Policy, match_people

SAFE = 0.995  # the precision that an automatic link must have
BANDS = (0.5, 0.9, 0.95, 0.99, 1.01)  # of posteriors; the last takes in 1


@dataclass(frozen=True, slots=True)
class Quality:
    """All shares 0 to 1. A link on somebody who is not in the directory, or whom nobody could tell, is wrong.

    precision, recall: of the automatic links. r_at_p: recall at the best threshold with a precision
    of SAFE. f1: the best over all thresholds. recall_at_5: of the members whose person is in the directory,
    how many are matched rightly or have that person among their candidates. clear_at_5: the same without the
    ambiguous ones, where several people are equally likely. most_at_5: what recall_at_5 can be at best: of
    somebody who is one of n equally likely people five are shown, and chance decides.
    """

    precision: float
    recall: float
    r_at_p: float
    f1: float
    recall_at_5: float
    clear_at_5: float
    most_at_5: float


def quality(outcomes: pd.DataFrame, candidates: pd.DataFrame, truth: pd.DataFrame) -> Quality:
    """Measure outcomes (member_id, outcome, person_id, score) and candidates (member_id, person_id)."""
    rows = judged(outcomes, candidates, truth)
    right, linked = rows["right"], rows["outcome"] == "matched"
    matchable = int((rows["truth"] == "match").sum())
    precisions, recalls = curve(rows["score"].to_numpy(), right.to_numpy(), matchable)
    f1 = 2 * precisions * recalls / np.maximum(precisions + recalls, 1e-12)
    safe = recalls[precisions >= SAFE]
    there = rows[rows["person_id_true"].notna()]
    clear = rows[rows["truth"] == "match"]
    return Quality(
        precision=float(right[linked].mean()) if linked.any() else 1.0,
        recall=float((right & linked).sum() / max(matchable, 1)),
        r_at_p=float(safe.max()) if len(safe) else 0.0,
        f1=float(f1.max()),
        recall_at_5=float(there["in_list"].mean()) if len(there) else 1.0,
        clear_at_5=float(clear["in_list"].mean()) if len(clear) else 1.0,
        most_at_5=float((5 / there["bearers"]).clip(upper=1).mean()) if len(there) else 1.0,
    )


def judged(outcomes: pd.DataFrame, candidates: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """Return one row per member of `truth`, with its outcome and two verdicts.

    right: the best person is the true one, and could be told (a link on an ambiguous member is luck).
    in_list: matched with the true person, or that person is among the candidates.
    """
    rows = truth.merge(outcomes, on="member_id", how="left", suffixes=("_true", ""), validate="1:1")
    rows["score"] = rows["score"].fillna(rows["score"].min() - 1)  # nobody was proposed: below all others
    is_true = rows["person_id_true"].notna() & (rows["person_id"] == rows["person_id_true"])
    pairs = pd.MultiIndex.from_frame(candidates[["member_id", "person_id"]])
    listed = pd.MultiIndex.from_frame(rows[["member_id", "person_id_true"]]).isin(pairs)
    return rows.assign(
        right=(rows["truth"] == "match") & is_true,
        in_list=(is_true & (rows["outcome"] == "matched")) | (rows["person_id_true"].notna() & listed),
    )


def best_of(candidates: pd.DataFrame) -> pd.DataFrame:
    """Return outcomes made of each member's first candidate, for programs that leave the decision to us."""
    return candidates.drop_duplicates("member_id").assign(outcome="review")


def curve(score: np.ndarray, right: np.ndarray, matchable: int) -> tuple[np.ndarray, np.ndarray]:
    """Return precision and recall at every threshold: equal scores stand or fall together."""
    order = np.argsort(-score, kind="stable")
    hits = np.cumsum(right[order])
    ends = np.flatnonzero(np.append(np.diff(score[order]) != 0, True))
    return hits[ends] / (ends + 1), hits[ends] / max(matchable, 1)


def calibration(rows: pd.DataFrame) -> pd.DataFrame:
    """Return per band of posteriors: n, stated (the mean posterior) and seen (the share that was right).

    `rows` as by `judged`, without those linked by an address: their certainty is a rule's, not an estimate.
    """
    bands = pd.cut(rows["posterior"], BANDS, right=False)
    by_band = rows.groupby(bands, observed=False)
    stated = by_band.agg(n=("right", "size"), stated=("posterior", "mean"), seen=("right", "mean"))
    labels = [f"{low:g}–{min(high, 1):g}" for low, high in pairwise(BANDS)]
    return stated.set_axis(labels).rename_axis("band").reset_index()


def by_variant(rows: pd.DataFrame, part: int) -> pd.DataFrame:
    """Return one row per way of writing (part 0) or kind of address (part 1), with shares of its members.

    recall: linked rightly, of the matchable; in_list: linked or among the candidates, of those who are in the
    directory; wrong: how many are linked to somebody else.
    """
    rows = rows.assign(
        variant=rows["variant"].str.split("/").str[part],
        linked_right=rows["right"] & (rows["outcome"] == "matched"),
        linked_wrong=~rows["right"] & (rows["outcome"] == "matched"),
        can_match=rows["truth"] == "match",
    )
    told = rows.groupby("variant").agg(
        members=("right", "size"), matchable=("can_match", "sum"), linked=("linked_right", "sum"),
        in_list=("in_list", "sum"), there=("person_id_true", "count"), wrong=("linked_wrong", "sum"),
    )  # fmt: skip
    told["recall"] = told["linked"] / told["matchable"].where(told["matchable"] > 0)
    told["in_list"] = told["in_list"] / told["there"].where(told["there"] > 0)
    return told.sort_values("members", ascending=False).reset_index()


def main() -> None:
    """Match a labelled company and print how well that went."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--people", type=int, default=5000)
    options.add_argument("--members", type=int, default=2000)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    made = labelled(asked.seed, asked.people, asked.members)
    members, people, truth = (pd.DataFrame(rows) for rows in (made.members, made.directory, made.truth))
    found = match_people(members, people, policy=Policy(auto_match_by_name="always"))
    sys.stdout.write(f"{quality(found.outcomes, found.candidates, truth)}\n")


if __name__ == "__main__":
    main()
