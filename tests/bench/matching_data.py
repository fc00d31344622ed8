"""Writes a labelled company as three files: members, directory, truth (all Parquet).

python -m tests.bench.matching_data FOLDER PEOPLE MEMBERS SEED
"""

import sys
from pathlib import Path

import duckdb
import pandas as pd

from deployments.sandbox.labelled import labelled


def main(folder: str, people: str, members: str, seed: str) -> None:
    """Make the company and write it."""
    made = labelled(int(seed), int(people), int(members))
    for name in ("members", "directory", "truth"):
        frame = pd.DataFrame(getattr(made, name))
        duckdb.from_df(frame).write_parquet(str(Path(folder) / f"{name}.parquet"))


if __name__ == "__main__":
    main(*sys.argv[1:])
