"""How good a matching is, against the truth: precision, recall, the review list.

python -m tests.bench.matching_quality --people 5000 --members 2000 --seed 1
"""

import argparse
import sys
from dataclasses import dataclass

import numpy as np
import pandas as pd

from deployments.sandbox.labelled import labelled
from matching.people.link import Policy, match_people

SAFE = 0.995  # the precision that an automatic link must have


@dataclass(frozen=True, slots=True)
class Quality:
    """All shares 0 to 1. A link on somebody who is not in the directory, or whom nobody could tell, is wrong.

    precision, recall: of the automatic links. r_at_p: recall at the best threshold with a precision
    of SAFE. f1: the best over all thresholds. recall_at_5: of the members whose person is in the directory,
    how many are matched rightly or have that person among their candidates.
    """

    precision: float
    recall: float
    r_at_p: float
    f1: float
    recall_at_5: float


def quality(outcomes: pd.DataFrame, candidates: pd.DataFrame, truth: pd.DataFrame) -> Quality:
    """Measure outcomes (member_id, outcome, person_id, score) and candidates (member_id, person_id)."""
    rows = truth.merge(outcomes, on="member_id", suffixes=("_true", ""), validate="1:1")
    right = (rows["truth"] == "match") & (rows["person_id"] == rows["person_id_true"])
    matchable = int((rows["truth"] == "match").sum())
    linked = rows["outcome"] == "matched"
    precisions, recalls = curve(rows["score"].to_numpy(), right.to_numpy(), matchable)
    f1 = 2 * precisions * recalls / np.maximum(precisions + recalls, 1e-12)
    safe = recalls[precisions >= SAFE]
    there = rows[rows["person_id_true"].notna()]
    pairs = set(zip(candidates["member_id"], candidates["person_id"], strict=True))
    found = [
        (is_matched and best == person) or (member, person) in pairs
        for member, best, is_matched, person in zip(
            there["member_id"], there["person_id"], there["outcome"] == "matched", there["person_id_true"],
            strict=True,
        )
    ]  # fmt: skip
    return Quality(
        precision=float(right[linked].mean()) if linked.any() else 1.0,
        recall=float((right & linked).sum() / max(matchable, 1)),
        r_at_p=float(safe.max()) if len(safe) else 0.0,
        f1=float(f1.max()),
        recall_at_5=float(np.mean(found)) if found else 1.0,
    )


def curve(score: np.ndarray, right: np.ndarray, matchable: int) -> tuple[np.ndarray, np.ndarray]:
    """Return precision and recall at every threshold: equal scores stand or fall together."""
    order = np.argsort(-score, kind="stable")
    hits = np.cumsum(right[order])
    ends = np.flatnonzero(np.append(np.diff(score[order]) != 0, True))
    return hits[ends] / (ends + 1), hits[ends] / max(matchable, 1)


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
