"""RapidFuzz's cdist on the same two files: every member's name with every person's.

    python -m tests.bench.cdist_worker MEMBERS.parquet DIRECTORY.parquet OUT.parquet

cdist(scorer=JaroWinkler.similarity, score_cutoff=.8, workers=-1, dtype=float32) of "first last" in
lower-case ASCII, the full cross product in chunks of 4 million pairs, the five best of each member.
"""

import sys

import numpy as np
import pandas as pd
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cdist

from tests.bench.anchors import SHOWN, match

CHUNK = 4_000_000  # pairs, 16 MB
CUTOFF = 0.8


def likely(members: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Return member_id, person_id and score of the five most alike people of each member."""
    members, people = members[members["full"].notna()], people[people["full"].notna()]
    asked, known = members["full"].tolist(), people["full"].tolist()
    ids = people["person_id"].to_numpy(dtype=object)
    member_ids = members["member_id"].to_numpy(dtype=object)
    step = max(1, CHUNK // max(len(known), 1))
    shown = min(SHOWN, len(known))
    parts = []
    for start in range(0, len(asked), step):
        alike = cdist(
            asked[start : start + step], known, scorer=JaroWinkler.similarity, score_cutoff=CUTOFF,
            workers=-1, dtype=np.float32,
        )  # fmt: skip
        best = np.argpartition(-alike, shown - 1, axis=1)[:, :shown]
        parts.append(
            pd.DataFrame(
                {
                    "member_id": np.repeat(member_ids[start : start + step], shown),
                    "person_id": ids[best.ravel()],
                    "score": np.take_along_axis(alike, best, axis=1).ravel().astype("float64"),
                }
            )
        )
    found = pd.concat(parts)
    return found[found["score"] > 0].copy()


if __name__ == "__main__":
    match(*sys.argv[1:], likely)
