"""recordlinkage on the same two files: Jaro-Winkler and the ECM classifier (Fellegi-Sunter).

    python -m tests.bench.recordlinkage_worker MEMBERS.parquet DIRECTORY.parquet OUT.parquet

Blocks: surname + initial, first name + 3 letters, address before the "@";
Compare.string(method="jarowinkler") of first name, surname (lower-case ASCII) and address before the "@";
ECMClassifier on the similarities binarized at .85; its log odds as the score, the mean similarity between
equals.
"""

import sys
import warnings

import numpy as np
import pandas as pd
import recordlinkage

from tests.bench.anchors import match

FIELDS = ("first", "last", "local")


def likely(members: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Return member_id, person_id and score of every pair in a block."""
    members, people = (_with_blocks(rows) for rows in (members, people))
    index = recordlinkage.Index()
    for fields in (["last", "initial"], ["first", "stem"], ["local"]):
        index.block(fields)
    pairs = index.index(members, people)
    compare = recordlinkage.Compare()
    for field in FIELDS:
        compare.string(field, field, method="jarowinkler", label=field)
    alike = compare.compute(pairs, members, people)
    classifier = recordlinkage.ECMClassifier(binarize=0.85)
    classifier.fit(alike)
    # Probabilities of exactly 0 or 1 would have infinite odds.
    sure = classifier.prob(alike).clip(1e-15, 1 - 1e-15)
    score = np.log2(sure / (1 - sure)) + alike.mean(axis=1) / 100
    member, person = (pairs.get_level_values(level) for level in (0, 1))
    return pd.DataFrame(
        {
            "member_id": members["member_id"].to_numpy(dtype=object)[member],
            "person_id": people["person_id"].to_numpy(dtype=object)[person],
            "score": score.to_numpy(),
        }
    )


def _with_blocks(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(initial=rows["first"].str[:1], stem=rows["last"].str[:3])


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    match(*sys.argv[1:], likely)
