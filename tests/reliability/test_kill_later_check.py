"""A check that is killed at any boundary after people have acted at Meta: each deed is told, and once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reliability.killed_check import Fate
from tests.reliability.killed_matrix import passings
from tests.reliability.killed_scene import Scene, later_check
from tests.reliability.some_of_many import some_of


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with later_check(tmp_path_factory.mktemp("scene")) as made:
        yield made


def test_the_undisturbed_check_tells_what_was_done_by_hand(scene: Scene) -> None:
    kinds = [kind for kind, _ in scene.twin.told()]
    assert kinds == ["grant_added", "grant_gone", "member_gone", "person_left", "role_changed"]


@pytest.mark.parametrize(("at", "nth"), some_of(passings(first=False), 5))
def test_after_a_kill_the_next_check_is_as_if_nothing_had_happened(
    scene: Scene, tmp_path: Path, at: str, nth: int
) -> None:
    office = scene.spoil(tmp_path, at)
    before = office.pointer
    assert office.check(Fate(at, nth, kill=True)).code == -9
    scene.assert_whole(office, before)

    scene.assert_next_is_equal(office)
