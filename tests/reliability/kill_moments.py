"""Checks that are killed at random moments. `python -m tests.reliability.kill_moments 50 7`: 50 of seed 7."""

import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.reliability.killed_scene import Scene, later_check

COUNT = 15


def moments(count: int, seed: int) -> list[float]:
    """Return moments, as shares of the time that a check takes."""
    dice = random.Random(seed)  # noqa: S311, no secret
    return [dice.random() for _ in range(count)]


def kill_at(scene: Scene, share: float, folder: Path) -> bool:
    """Kill a check when this share of its time is over, and assert that the next one doesn't show it.

    Returns whether it was killed: the machine may have been quicker than before.
    """
    office = scene.spoil(folder)
    before = office.pointer
    ended = office.start().end(kill_after_s=share * scene.undisturbed.seconds)
    scene.assert_whole(office, before)
    scene.assert_next_is_equal(office)
    return ended.code == -9


def run(count: int, seed: int) -> Iterator[tuple[float, bool]]:
    """Kill so many checks; yield each moment, and whether the kill came in time."""
    with tempfile.TemporaryDirectory(prefix="hubroster-kill-") as folder, later_check(Path(folder)) as scene:
        for number, share in enumerate(moments(count, seed)):
            place = Path(folder) / str(number)
            place.mkdir()
            yield share, kill_at(scene, share, place)
            shutil.rmtree(place)


if __name__ == "__main__":
    wanted, first = (int(word) for word in (*sys.argv[1:3], "50", "1")[:2])
    came = [killed for _, killed in run(wanted, first)]
    sys.stdout.write(f"{len(came)} checks, {sum(came)} killed in time; every next one as if undisturbed\n")
