"""A check that is killed at a random moment, wherever that falls."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reliability.kill_moments import COUNT, kill_at, moments
from tests.reliability.killed_scene import Scene, later_check
from tests.reliability.some_of_many import some_of

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with later_check(tmp_path_factory.mktemp("scene")) as made:
        yield made


@pytest.mark.parametrize("share", some_of(moments(COUNT, seed=3), 3))
def test_whenever_a_check_is_killed_the_next_one_is_as_if_nothing_had_happened(
    scene: Scene, tmp_path: Path, share: float
) -> None:
    kill_at(scene, share, tmp_path)


def test_a_check_that_is_killed_time_and_again_is_as_if_nothing_had_happened(
    scene: Scene, tmp_path: Path
) -> None:
    office = scene.spoil(tmp_path)
    for share in (0.9, 0.5, 0.7, 0.8, 0.6):
        office.start().end(kill_after_s=share * scene.undisturbed.seconds)
    scene.assert_next_is_equal(office)
