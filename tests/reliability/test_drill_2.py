"""Nights 51 to 100 of the drill (see drill.py). `make drill` plays two thousand."""

from collections.abc import Iterator

import pytest

from tests.reliability.drill import Drill, drilling
from tests.reliability.nights import night


@pytest.fixture(scope="module")
def drill() -> Iterator[Drill]:
    with drilling() as made:
        yield made


@pytest.mark.parametrize("seed", range(51, 101))
def test_the_morning_after_a_bad_night_is_as_if_nothing_had_happened(drill: Drill, seed: int) -> None:
    drill.play(night(seed))
