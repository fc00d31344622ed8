"""Splink 5 on the same two files: exact addresses first, Splink for the rest, our posterior and one-to-one.

    python -m tests.bench.splink_worker MEMBERS.parquet DIRECTORY.parquet OUT.parquet

As its documentation advises for names: lower-case ASCII; NameComparison (Jaro-Winkler levels) of first
name and surname, Jaro-Winkler .9 of the address before the "@", all with term frequencies; blocking on
surname + initial, first name + 3 letters, and the address before the "@"; u from 2 million sampled pairs,
m by expectation-maximisation on two blockings; predictions from a match weight of -10. Then our posterior
over the rivals, and 8 bits off whom an address has taken.
"""

import logging
import sys

import numpy as np
import pandas as pd
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from tests.bench.anchors import match

OUTSIDER_ODDS = 0.5  # as our own, where nothing is known


def likely(members: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Return member_id, person_id and score: our posterior over the rivals and "nobody"."""
    pairs = predicted(members, people)
    nobody = np.log2(max(len(people), 1) * OUTSIDER_ODDS)
    mass = np.exp2(pairs["bits"] - nobody)
    rest = mass.groupby(pairs["member_id"]).transform("sum") + 1 - mass
    return pairs.assign(score=np.log2(np.maximum(mass, 1e-30)) - np.log2(rest))


def predicted(members: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Return one row per pair that Splink predicts: member_id, person_id, bits."""
    frames = (
        members.rename(columns={"member_id": "unique_id"}),
        people.rename(columns={"person_id": "unique_id"}),
    )
    api = DuckDBAPI()
    tables = [
        api.register(frame.drop(columns="full"), dataset_display_name=name)
        for name, frame in zip(("members", "people"), frames, strict=True)
    ]
    linker = Linker(tables, settings(len(people)))
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("last"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("first"))
    pairs = linker.inference.predict(threshold_match_weight=-10).as_pandas_dataframe()
    is_left = pairs["source_dataset_l"] == "members"
    return pd.DataFrame(
        {
            "member_id": pairs["unique_id_l"].where(is_left, pairs["unique_id_r"]),
            "person_id": pairs["unique_id_r"].where(is_left, pairs["unique_id_l"]),
            "bits": pairs["match_weight"] + np.log2(max(len(people), 1)),
        }
    )


def settings(people: int) -> SettingsCreator:
    """Return the model."""
    return SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.NameComparison("first").configure(term_frequency_adjustments=True),
            cl.NameComparison("last").configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("local", [0.9]).configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("last", "substr(first, 1, 1)"),
            block_on("first", "substr(last, 1, 3)"),
            block_on("local"),
        ],
        probability_two_random_records_match=1 / max(people, 1),
        retain_matching_columns=False,
    )


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    match(*sys.argv[1:], likely, one_to_one=True)
