"""TF-IDF of letter trigrams on the same two files: scikit-learn and sparse_dot_topn.

    python -m tests.bench.tfidf_worker MEMBERS.parquet DIRECTORY.parquet OUT.parquet

TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3)) of "first last" in lower-case ASCII, fitted on the
directory; sp_matmul_topn(top_n=5, threads=all cores), cosine similarity as the score.
"""

import os
import sys

import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sparse_dot_topn import sp_matmul_topn

from tests.bench.anchors import SHOWN, match


def likely(members: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Return member_id, person_id and score of the five most alike people of each member."""
    members, people = members[members["full"].notna()], people[people["full"].notna()]
    words = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3))
    known = words.fit_transform(people["full"])
    asked = words.transform(members["full"])
    best = sp_matmul_topn(asked, known.T.tocsr(), top_n=SHOWN, n_threads=os.cpu_count()).tocoo()
    return pd.DataFrame(
        {
            "member_id": members["member_id"].to_numpy(dtype=object)[best.row],
            "person_id": people["person_id"].to_numpy(dtype=object)[best.col],
            "score": best.data.astype("float64"),
        }
    )


if __name__ == "__main__":
    match(*sys.argv[1:], likely)
