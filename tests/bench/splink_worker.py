"""Splink 5 on the same two files, for comparison: exact addresses first, Splink for the rest, our posterior.

    python -m tests.bench.splink_worker MEMBERS.parquet DIRECTORY.parquet OUT.parquet

Settings as its documentation advises for names: lower-case ASCII, Jaro-Winkler levels with term frequencies,
blocking on either name, the first letters of both and the address before the "@"; u by sampling, m by
expectation-maximisation; predictions from a match weight of -10.
"""

import logging
import sys

import duckdb
import numpy as np
import pandas as pd
import splink.comparison_library as cl
from anyascii import anyascii
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

OUTSIDER_ODDS = 0.5  # as our own, where nothing is known


def exact(members: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Return member_id and person_id where the address is one person's, primary or alias."""
    with duckdb.connect() as con:
        con.register("members", members)
        con.register("people", people)
        return con.execute(
            """
            with owned as (
                select person_id, lower(primary_email) as email from people
                union select person_id, lower(unnest(aliases)) from people
            ), sole as (select email, min(person_id) as person_id from owned group by email
                        having count(distinct person_id) = 1)
            select member_id, person_id from members join sole on sole.email = lower(members.email)
            qualify count(*) over (partition by person_id) = 1
            """
        ).df()


def prepared(rows: pd.DataFrame, key: str, given: str, family: str, email: str) -> pd.DataFrame:
    """Return what Splink is given of either side."""

    def plain(texts: pd.Series) -> pd.Series:
        folded = texts.fillna("").map(lambda text: anyascii(str(text)).lower().strip())
        return folded.where(folded != "")

    local = rows[email].fillna("").str.lower().str.split("@").str[0].str.split("+").str[0]
    return pd.DataFrame(
        {
            "unique_id": rows[key], "first_name": plain(rows[given]), "surname": plain(rows[family]),
            "local": local.where(local != ""),
        }
    )  # fmt: skip


def predicted(left: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
    """Return one row per pair that Splink predicts: member_id, person_id, bits."""
    api = DuckDBAPI()
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.NameComparison("first_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("local", [0.9]).configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("surname", "substr(first_name, 1, 1)"),
            block_on("first_name", "substr(surname, 1, 3)"),
            block_on("local"),
        ],
        probability_two_random_records_match=1 / max(len(right), 1),
        retain_matching_columns=False,
    )
    frames = [
        api.register(frame, dataset_display_name=name)
        for name, frame in (("members", left), ("people", right))
    ]
    linker = Linker(frames, settings)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("surname"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("first_name"))
    pairs = linker.inference.predict(threshold_match_weight=-10).as_pandas_dataframe()
    is_left = pairs["source_dataset_l"] == "members"
    return pd.DataFrame(
        {
            "member_id": pairs["unique_id_l"].where(is_left, pairs["unique_id_r"]),
            "person_id": pairs["unique_id_r"].where(is_left, pairs["unique_id_l"]),
            "bits": pairs["match_weight"] + np.log2(max(len(right), 1)),
        }
    )


def scored(pairs: pd.DataFrame, people: int) -> pd.DataFrame:
    """Return member_id, person_id and score: our posterior over the rivals and "nobody"."""
    nobody = np.log2(max(people, 1) * OUTSIDER_ODDS)
    mass = np.exp2(pairs["bits"] - nobody)
    rest = mass.groupby(pairs["member_id"]).transform("sum") + 1 - mass
    found = pairs.assign(score=np.log2(np.maximum(mass, 1e-30)) - np.log2(rest))
    return found.sort_values(["member_id", "score", "person_id"], ascending=[True, False, True])


def main(members_path: str, directory_path: str, out: str) -> None:
    """Match, and write one row per candidate with its rank."""
    logging.disable(logging.WARNING)
    members, people = (duckdb.read_parquet(path).df() for path in (members_path, directory_path))
    sure = exact(members, people).assign(score=60.0)
    left = members[~members["member_id"].isin(sure["member_id"])]
    pairs = predicted(
        prepared(left, "member_id", "first_name", "last_name", "email"),
        prepared(people, "person_id", "given_name", "family_name", "primary_email"),
    )
    likely = scored(pairs, len(people))
    taken = likely["person_id"].isin(sure["person_id"])
    likely = likely.assign(score=likely["score"] - 8 * taken)
    both = pd.concat([sure, likely[["member_id", "person_id", "score"]]])
    both["rank"] = both.groupby("member_id")["score"].rank(method="first", ascending=False).astype("int64")
    best = both[both["rank"] <= 5]
    duckdb.from_df(best).write_parquet(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
