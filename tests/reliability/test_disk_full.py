"""A disk that is full from any boundary on: one line that names the file; the last snapshot stands."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tasks.boundaries import BOUNDARIES
from tests.reliability.killed_check import Ended, Fate
from tests.reliability.killed_matrix import passings
from tests.reliability.killed_scene import Office, Scene, later_check
from tests.reliability.some_of_many import some_of

RAW, ACTIVITIES, WAREHOUSE, REPORTS, SNAPSHOTS = (
    ".hubroster/raw/agency/agency-",
    "/activities.ndjson.gz",
    ".hubroster/warehouse.duckdb can't be written to",
    ".hubroster/reports: ",
    "/snapshots",
)
# What is written next, after each boundary; where nothing is, the check ends as ever.
REFUSED = {
    "warehouse.migrating": WAREHOUSE,
    "warehouse.migrated": RAW,
    "warehouse.staged": WAREHOUSE,
    "warehouse.check_recorded": WAREHOUSE,
    "warehouse.hub_merged": WAREHOUSE,
    "warehouse.people_merged": WAREHOUSE,
    "warehouse.merged": ACTIVITIES,
    "raw.pruned": REPORTS,
    "report.written": WAREHOUSE,
    "report.named": WAREHOUSE,
    "warehouse.concluding": WAREHOUSE,
    "warehouse.concluded": SNAPSHOTS,
    "key.written": SNAPSHOTS,
    "key.named": SNAPSHOTS,
    "snapshot.full_built": SNAPSHOTS,
    "snapshot.masked_built": SNAPSHOTS,
    "snapshot.full_named": SNAPSHOTS,
    "snapshot.masked_named": SNAPSHOTS,
    "snapshot.pointer_written": "",
    "snapshot.pointer_named": "",
    "snapshot.pruned": "",
}
MERGING = ("warehouse.staged", "warehouse.check_recorded", "warehouse.hub_merged", "warehouse.people_merged")
DONE = BOUNDARIES[BOUNDARIES.index("warehouse.concluded") :]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with later_check(tmp_path_factory.mktemp("scene")) as made:
        yield made


def assert_refused(office: Office, ended: Ended, at: str) -> None:
    """Assert that the one line names what could not be written, and what to do."""
    assert ended.code == 1
    assert ended.line.startswith("hubroster: ")
    assert REFUSED.get(at, RAW) in ended.line
    assert str(office.folder) in ended.line
    assert ("`hubroster report agency`" in ended.line) == (at in DONE)
    assert any(advice in ended.line for advice in ("make room", "mend that", "report agency"))


@pytest.mark.parametrize("at", some_of(["", *dict(passings(first=False))], 5))
def test_a_disk_that_is_full_is_one_line_and_with_room_again_all_is_well(
    scene: Scene, tmp_path: Path, at: str
) -> None:
    office = scene.spoil(tmp_path, at)
    before, closed = office.pointer, office.ended()

    ended = office.check(Fate(at, fill_disk=True))

    if REFUSED.get(at, RAW):
        assert_refused(office, ended, at)
        assert office.pointer == before
    if REFUSED.get(at, RAW) == RAW or at in MERGING:
        assert office.ended() == closed
    scene.assert_whole(office, before)
    scene.assert_next_is_equal(office)


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[bool]:
    """Mount a disk of this size there, where that is allowed; yield whether it is."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    is_small = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    try:
        yield is_small
    finally:
        if is_small:
            subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.parametrize(
    "at", ["", "warehouse.staged", "warehouse.merged", "warehouse.concluded", "key.named"]
)
def test_a_small_disk_that_fills_up_is_one_line_and_with_room_again_all_is_well(
    scene: Scene, tmp_path: Path, at: str
) -> None:
    with small_disk(tmp_path / "disk", "60m") as is_small:
        office = scene.spoil(tmp_path / "disk", at)
        before, filler = office.pointer, tmp_path / "disk" / "filler"

        ended = office.check(Fate(at, filler=filler) if is_small else Fate(at, fill_disk=True))

        assert_refused(office, ended, at)
        assert office.pointer == before
        filler.unlink(missing_ok=True)
        scene.assert_next_is_equal(office)
