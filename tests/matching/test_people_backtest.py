"""A backtest takes the addresses away, makes some people strangers, and says how matching by name went."""

import pandas as pd
import pytest

from deployments.sandbox.labelled import labelled
from matching.people.backtest import THRESHOLDS, Replayed, replay


@pytest.fixture(scope="module")
def company() -> tuple[pd.DataFrame, pd.DataFrame]:
    made = labelled(seed=5, people=900, members=400)
    return pd.DataFrame(made.members), pd.DataFrame(made.directory)


@pytest.fixture(scope="module")
def replayed(company: tuple[pd.DataFrame, pd.DataFrame]) -> Replayed:
    return replay(*company)


def test_who_is_known_by_address_is_matched_without_it(replayed: Replayed) -> None:
    assert replayed.known > 100
    assert 0.15 < replayed.strangers / (replayed.known + replayed.strangers) < 0.35
    assert set(replayed.rows["by"]) == {"address"}
    sure = replayed.rows[replayed.rows["posterior"] > 0.99]
    assert len(sure) > 50
    assert sure["is_right"].mean() > 0.97
    assert replayed.rows["posterior"].max() < 1 - 2**-45  # nobody was told his address


def test_a_stranger_is_never_right(replayed: Replayed) -> None:
    assert not replayed.rows[replayed.rows["truth"].isna()]["is_right"].any()


def test_thresholds_bands_and_curve_say_the_same(replayed: Replayed) -> None:
    steps, curve = replayed.by_threshold(), replayed.curve()

    assert steps["posterior"].tolist() == list(THRESHOLDS)
    assert steps["links"].is_monotonic_decreasing
    assert replayed.calibration()["members"].sum() == (replayed.rows["posterior"] > 0).sum()
    assert curve["recall"].is_monotonic_increasing
    at = curve[curve["posterior"] >= 0.9].iloc[-1]
    assert not replayed.rows["is_linked"].all()
    assert at["recall"] == pytest.approx(steps.set_index("posterior").loc[0.9, "recall"])
    assert at["precision"] == pytest.approx(steps.set_index("posterior").loc[0.9, "precision"])


def test_errors_are_what_is_wrong_the_surest_first(replayed: Replayed) -> None:
    errors = replayed.errors(least=0.0)

    assert len(errors) == (~replayed.rows["is_right"]).sum()
    assert errors["posterior"].is_monotonic_decreasing


def test_the_order_of_the_rows_changes_nothing(
    company: tuple[pd.DataFrame, pd.DataFrame], replayed: Replayed
) -> None:
    again = replay(*(frame.sample(frac=1, random_state=3) for frame in company))

    pd.testing.assert_frame_equal(again.rows, replayed.rows)


def test_decisions_are_labels_too_and_addresses_are_hidden_from_them() -> None:
    people = pd.DataFrame(
        {
            "person_id": ["p1", "p2", "p3"],
            "given_name": ["Cyril", "Bo", "Dilara"],
            "family_name": ["Okafor", "Lindqvist", "Aksoy"],
            "primary_email": ["cy@northwind.example", "bo@northwind.example", "di@northwind.example"],
        }
    )
    members = pd.DataFrame(
        {
            "member_id": ["m1", "m2", "m3"],
            "name": ["Cyril Okafor", "Bo Lindqvist", "Xx Yy"],
            "email": [None, "bo@northwind.example", "di@northwind.example"],
        }
    )
    lines = [
        ("link", "m1", "p1"),
        *[("reject", "m2", "p2")] * 2,
        ("link", "gone", "p1"),
        ("link", "m3", "p3"),
    ]
    decisions = pd.DataFrame(lines, columns=["kind", "member_id", "person_id"])

    found = replay(members, people, decisions=decisions)
    rows = found.rows.set_index("member_id")

    assert rows.loc["m1", ["by", "is_right"]].tolist() == ["decision", True]
    assert rows.loc["m2", ["by", "is_right"]].tolist() == ["decision", False]  # his address is no truth
    assert len(rows) == 2  # nobody is called Xx Yy
    assert (found.known, found.strangers) == (2, 0)


def test_two_who_are_surely_one_person_are_no_link() -> None:
    people = pd.DataFrame(
        {"person_id": ["p1"], "given_name": ["Cyrilla"], "family_name": ["Okaforsson"]}, dtype="str"
    )
    members = pd.DataFrame({"member_id": ["m1", "m2"], "name": ["Cyrilla Okaforsson"] * 2})
    decisions = pd.DataFrame({"kind": ["link"], "member_id": ["m1"], "person_id": ["p1"]})

    assert replay(members, people, decisions=decisions).by_threshold()["links"].sum() == 0


def test_nobody_known_is_no_measurement() -> None:
    people = pd.DataFrame({"person_id": ["p1"], "given_name": ["Cyril"], "family_name": ["Okafor"]})
    found = replay(pd.DataFrame({"member_id": ["m1"], "name": ["Cyril Okafor"]}), people)

    assert (found.known, found.strangers, len(found.rows)) == (0, 0, 0)
    assert found.by_threshold()["precision"].isna().all()
    assert found.calibration().empty
