"""A home, or a part of it, that may not be read or written: one line that names it, and nothing is lost."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.reliability.killed_check import Fate
from tests.reliability.killed_scene import Office, Scene, first_check, later_check

pytestmark = pytest.mark.thorough

READ_ONLY, NOTHING = 0o500, 0o000


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with later_check(tmp_path_factory.mktemp("scene")) as made:
        yield made


@contextmanager
def without_rights(path: Path, mode: int) -> Iterator[None]:
    """Take rights away, and give them back."""
    usual = path.stat().st_mode
    path.chmod(mode)
    try:
        yield
    finally:
        path.chmod(usual)


@pytest.mark.parametrize(
    ("place", "mode", "told"),
    [
        (lambda o: o.home, READ_ONLY, ".hubroster"),
        (lambda o: o.home, NOTHING, ".hubroster"),
        (lambda o: o.warehouse, 0o400, "warehouse.duckdb"),
        (lambda o: o.warehouse, NOTHING, "warehouse.duckdb"),
        (lambda o: o.home / "raw" / "agency", READ_ONLY, "raw/agency/agency-"),
        (lambda o: o.home / "reports", READ_ONLY, "the report can't be written to "),
        (lambda o: o.home / "pseudonym.key", NOTHING, "pseudonym.key can't be kept"),
        (lambda o: o.snapshots, READ_ONLY, "snapshots"),
        (lambda o: o.snapshots, NOTHING, "snapshots"),
    ],
    ids=["home-read-only", "home-closed", "warehouse-read-only", "warehouse-closed", "raw", "reports", "key",
         "snapshots-read-only", "snapshots-closed"],
)  # fmt: skip
def test_what_may_not_be_written_is_one_line_and_with_the_rights_back_all_is_well(
    scene: Scene, tmp_path: Path, place: Callable[[Office], Path], mode: int, told: str
) -> None:
    office = scene.spoil(tmp_path)
    before = office.pointer
    with without_rights(place(office), mode):
        ended = office.check(powerless=True)

    assert ended.code == 1
    assert told in ended.line
    assert str(office.folder) in ended.line
    assert office.pointer == before
    scene.assert_next_is_equal(office)


def test_a_folder_where_no_home_can_be_made_is_one_line(tmp_path: Path) -> None:
    with first_check(tmp_path) as scene:
        office = scene.spoil(tmp_path)
        with without_rights(office.folder, READ_ONLY):
            ended = office.check(powerless=True)
        assert ended.code == 1
        assert f"the disk refused at {office.home}: Permission denied; mend that" in ended.line

        office.home.write_text("a file")
        assert f"{office.home} can't be a folder" in office.check().line
        office.home.unlink()
        scene.assert_next_is_equal(office)


def readable_by_others(office: Office) -> list[Path]:
    return [path for path in office.home.rglob("*") if path.is_file() and path.stat().st_mode & 0o077]


def test_a_home_that_others_may_look_into_keeps_what_is_in_it_to_its_owner(
    scene: Scene, tmp_path: Path
) -> None:
    office = scene.spoil(tmp_path)
    office.home.chmod(0o755)
    assert office.check(Fate("warehouse.merged", kill=True)).code == -9  # its log lies beside the warehouse
    assert office.warehouse.with_name("warehouse.duckdb.wal").exists()
    assert readable_by_others(office) == []
    office.check()
    assert readable_by_others(office) == []
    assert office.snapshots.stat().st_mode & 0o777 == 0o755
