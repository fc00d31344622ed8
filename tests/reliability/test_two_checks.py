"""Two checks of one hub at once, and a warehouse that somebody else holds."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.reliability.killed_check import Fate
from tests.reliability.killed_scene import Office, Scene, first_check, later_check

HOLD = "import duckdb, sys; con = duckdb.connect(sys.argv[1]); print('held'); sys.stdin.read()"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with later_check(tmp_path_factory.mktemp("scene")) as made:
        yield made


@contextmanager
def held(office: Office) -> Iterator[subprocess.Popen[str]]:
    """Hold the warehouse in another process, until it is killed."""
    with subprocess.Popen(
        [sys.executable, "-uc", HOLD, office.warehouse],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        try:
            yield holder
        finally:
            holder.kill()


def lock_of(office: Office) -> str:
    """Wait until a check has its hub for itself, and return the number of its process."""
    lock = office.home / ".agency.lock"
    for _ in range(500):
        if lock.exists() and (number := lock.read_text()):
            return number
        time.sleep(0.01)
    raise AssertionError("no check has begun")


def test_a_second_check_waits_for_the_first_and_no_change_is_told_twice(scene: Scene, tmp_path: Path) -> None:
    office = scene.spoil(tmp_path)
    office.wait_for_locks(60)
    one, other = office.start(), office.start()
    ended = [one.end(), other.end()]

    assert [end.said for end in ended] == ["", ""]
    scene.assert_equal(office, max(ended, key=lambda end: end.told["check_id"]))
    assert len(office.finished()) == 3


def test_of_two_first_checks_one_is_the_baseline(tmp_path: Path) -> None:
    with first_check(tmp_path) as scene:
        office = scene.spoil(tmp_path)
        office.wait_for_locks(60)
        one, other = office.start(), office.start()
        ended = [one.end(), other.end()]

        scene.assert_equal(office, max(ended, key=lambda end: end.told["check_id"]))
        assert len(office.finished()) == 2


def test_who_waits_too_long_for_another_check_is_told_its_process(scene: Scene, tmp_path: Path) -> None:
    office = scene.spoil(tmp_path)
    first = office.start(Fate("warehouse.merged", wait_s=3))
    number = lock_of(office)
    second = office.check()

    assert second.code == 1
    assert f"agency is being checked by process {number}, waited 0.5 s" in second.line
    assert number == str(first.process.pid)
    scene.assert_equal(office, first.end())


def test_the_lock_of_a_killed_check_goes_with_it(scene: Scene, tmp_path: Path) -> None:
    office = scene.spoil(tmp_path)
    assert office.check(Fate("raw.whole_written", kill=True)).code == -9
    assert (office.home / ".agency.lock").exists()
    scene.assert_equal(office, office.check())


def test_a_warehouse_that_is_held_too_long_is_one_line_with_the_process(scene: Scene, tmp_path: Path) -> None:
    office = scene.spoil(tmp_path)
    with held(office) as holder:
        ended = office.check()

    assert ended.code == 1
    assert f"warehouse.duckdb is held by process {holder.pid} (" in ended.line
    assert "waited 0.5 s: try again when it is done" in ended.line
    scene.assert_next_is_equal(office)


def test_a_warehouse_that_is_held_for_a_moment_is_waited_for(scene: Scene, tmp_path: Path) -> None:
    office = scene.spoil(tmp_path)
    office.wait_for_locks(60)
    with held(office) as holder:
        check = office.start()
        lock_of(office)
        time.sleep(0.5)
        holder.kill()
        scene.assert_equal(office, check.end())
