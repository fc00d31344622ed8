"""The yardstick itself: what counts as right, and what a picture is."""

import sys
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest

from tests.bench.ablation_parts import PARTS
from tests.bench.edits import Part, edited, text
from tests.bench.matching_pictures import precision_recall, reliability
from tests.bench.matching_quality import best_of, calibration, curve, judged, quality

TRUTH = pd.DataFrame(
    {
        "member_id": ["1", "2", "3", "4"],
        "truth": ["match", "match", "ambiguous", "none"],
        "person_id": ["a", "b", "c", None],
        "bearers": [1, 1, 2, 0],
        "variant": ["exact/work", "typo/none", "exact/none", "outsider/none"],
    }
)
CANDIDATES = pd.DataFrame(
    {"member_id": ["1", "3", "4"], "person_id": ["a", "c", "a"], "score": [9.0, 5.0, 1.0], "rank": [1, 1, 1]}
)


def test_equal_scores_stand_or_fall_together() -> None:
    precision, recall = curve(np.array([2.0, 1.0, 1.0]), np.array([True, True, False]), 4)

    assert precision.tolist() == [1.0, 2 / 3]
    assert recall.tolist() == [0.25, 0.5]


def test_of_ten_equally_likely_people_five_are_shown() -> None:
    outcomes = CANDIDATES.assign(outcome="review")

    assert quality(outcomes, CANDIDATES, TRUTH).most_at_5 == 1
    told = TRUTH.assign(bearers=[1, 1, 10, 0])
    assert quality(outcomes, CANDIDATES, told).most_at_5 == (1 + 1 + 0.5) / 3


def test_a_link_that_nobody_could_tell_is_wrong_even_with_the_true_person() -> None:
    outcomes = CANDIDATES.assign(outcome="matched")

    assert quality(outcomes, CANDIDATES, TRUTH).precision == 1 / 3


def test_a_member_for_whom_nobody_is_proposed_counts_as_missed() -> None:
    found = quality(best_of(CANDIDATES), CANDIDATES, TRUTH)

    assert found.r_at_p == 0.5
    assert found.recall_at_5 == 2 / 3
    assert found.clear_at_5 == 1 / 2  # the ambiguous one left out


def test_a_posterior_of_one_is_in_the_last_band() -> None:
    rows = pd.DataFrame({"posterior": [1.0, 0.99, 0.92], "right": [True, False, True]})

    assert calibration(rows)["n"].tolist() == [0, 1, 0, 2]


@pytest.mark.parametrize("part", PARTS, ids=lambda one: f"{one.stage}: {one.name}")
def test_every_part_of_the_engine_can_still_be_switched_off_and_is_back_afterwards(part: Part) -> None:
    """Else `make ablation` would stop, or measure nothing: an edit needs its text exactly once."""
    places = [(sys.modules[f"matching.people.{one.module}"], one.name) for one in part.off]
    before = [getattr(home, name) for home, name in places]

    with edited(part.off):
        assert all(getattr(home, name) is not old for (home, name), old in zip(places, before, strict=True))

    assert all(getattr(home, name) is old for (home, name), old in zip(places, before, strict=True))


def test_an_edit_without_its_text_is_an_error() -> None:
    with (
        pytest.raises(ValueError, match="does not say 'no such text' exactly once"),
        edited([text("agreement", "HITS", "no such text", "")]),
    ):
        pass


def test_pictures_are_well_formed_also_with_bands_that_are_empty() -> None:
    rows = judged(CANDIDATES.assign(outcome="matched", posterior=1.0), CANDIDATES, TRUTH)

    for drawn in (precision_recall({"a < b": rows}, "P & R"), reliability(rows, "how sure")):
        assert ET.fromstring(drawn).tag.endswith("svg")  # noqa: S314 - our own text
