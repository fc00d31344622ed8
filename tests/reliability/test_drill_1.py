"""Every tenth of the nights 1 to 50 of the drill (see drill.py); `make matrix` plays all of them."""

from collections.abc import Iterator

import pytest

from tests.reliability.drill import Drill, drilling
from tests.reliability.nights import night
from tests.reliability.some_of_many import some_of


@pytest.fixture(scope="module")
def drill() -> Iterator[Drill]:
    with drilling() as made:
        yield made


@pytest.mark.parametrize("seed", some_of(range(1, 51), 17))
def test_the_morning_after_a_bad_night_is_as_if_nothing_had_happened(drill: Drill, seed: int) -> None:
    drill.play(night(seed))
