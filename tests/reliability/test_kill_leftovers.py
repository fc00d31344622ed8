"""What killed checks leave behind: private while it is there, and gone in time."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tasks.home_files import ABANDONED_S
from tests.reliability.killed_check import Fate
from tests.reliability.killed_scene import Office, Scene, assert_private, first_check

LEFT = {
    "raw.rows_written": "raw/agency/*/.*.part",
    "raw.whole_written": "raw/agency/*/.*.part",
    "raw.parts_appended": "raw/agency/*/.*.part",
    "warehouse.made": ".new-warehouse-*",
    "report.written": "reports/.*",
    "key.written": ".pseudonym.*",
    "snapshot.full_built": "../snapshots/.building-*",
    "snapshot.pointer_written": "../snapshots/.building-*",
}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with first_check(tmp_path_factory.mktemp("scene")) as made:
        yield made


def left(office: Office) -> list[Path]:
    return [path for pattern in set(LEFT.values()) for path in office.home.glob(pattern)]


def grow_older(office: Office, seconds: float) -> None:
    """Let what is left be as old as that; a folder of raw answers is as old as its name says."""
    for path in left(office):
        os.utime(path, (time.time() - seconds,) * 2)
    for folder in office.home.glob("raw/*/*"):
        folder.rename(folder.with_name("agency-20200101T000000Z-0000" + folder.name[-4:]))


def test_what_killed_checks_leave_is_private_and_gone_a_day_later(scene: Scene, tmp_path: Path) -> None:
    office = scene.spoil(tmp_path)
    for at, pattern in LEFT.items():
        assert office.check(Fate(at, kill=True)).code == -9
        assert list(office.home.glob(pattern)), at
    for path in office.folder.rglob("*"):
        assert_private(office, path)

    grow_older(office, ABANDONED_S / 2)  # somebody may be at it
    there = {path.name for path in left(office)}
    office.check()
    assert {path.name for path in left(office)} == {name for name in there if not name.endswith(".part")}

    grow_older(office, ABANDONED_S + 60)
    scene.assert_equal(office, office.check())
    assert left(office) == []


def test_what_outgrew_the_memory_of_a_killed_check_is_gone_with_the_next(
    scene: Scene, tmp_path: Path
) -> None:
    office = scene.spoil(tmp_path)
    office.check()
    spilt = office.home / "warehouse.duckdb.tmp" / "duckdb_temp_storage_DEFAULT-0.tmp"
    spilt.write_bytes(b"Ana Sousa, ana@northwind.example")

    office.check()

    assert list(spilt.parent.iterdir()) == []
    assert spilt.parent.stat().st_mode & 0o077 == 0
