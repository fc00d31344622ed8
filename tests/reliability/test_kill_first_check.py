"""A first check that is killed at any boundary: the next one is as if it had been the first."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tasks.boundaries import BOUNDARIES
from tests.reliability.killed_check import Fate
from tests.reliability.killed_matrix import MANY, MIGRATIONS, passings
from tests.reliability.killed_scene import Scene, first_check
from tests.reliability.some_of_many import some_of


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with first_check(tmp_path_factory.mktemp("scene")) as made:
        yield made


def test_a_first_check_passes_every_boundary_that_there_is(scene: Scene) -> None:
    passed = scene.undisturbed.passed
    assert set(passed) == set(BOUNDARIES)
    assert {name: n for name, n in passed.items() if n > 1} == {
        **MANY,
        "warehouse.migrating": MIGRATIONS,
        "warehouse.migrated": MIGRATIONS,
    }


@pytest.mark.parametrize(("at", "nth"), some_of(passings(first=True), 5))
def test_after_a_kill_the_next_check_is_as_if_it_were_the_first(
    scene: Scene, tmp_path: Path, at: str, nth: int
) -> None:
    office = scene.spoil(tmp_path, at)
    assert office.check(Fate(at, nth, kill=True)).code == -9
    scene.assert_whole(office, before=None)
    was_finished = office.warehouse.exists() and bool(office.finished())
    assert was_finished == (at in BOUNDARIES[BOUNDARIES.index("warehouse.concluded") :])
    scene.assert_next_is_equal(office)
