"""A warehouse that is lost or damaged: one line that says what to do, and never a new one in its place."""

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from tests.reliability.killed_check import Fate
from tests.reliability.killed_scene import Office, Scene, later_check

BACKUP = "bring back a backup of it, or move it and "


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with later_check(tmp_path_factory.mktemp("scene")) as made:
        yield made


def empty(path: Path) -> None:
    path.write_bytes(b"")


def gone(path: Path) -> None:
    path.unlink()


def text(path: Path) -> None:
    path.write_text("person_id,primary_email\n" * 1000)


def foreign(path: Path) -> None:
    path.unlink()
    with duckdb.connect(str(path)) as con:
        con.execute("create table sales (id integer)")


def foreign_sqlite(path: Path) -> None:
    path.unlink()
    con = sqlite3.connect(path)
    con.execute("create table sales (id integer)")
    con.close()


def newer(path: Path) -> None:
    with duckdb.connect(str(path)) as con:
        con.execute("insert into schema_migrations values (9000, '9000_future.sql', 'now')")


def cut_to_a_page(path: Path) -> None:
    _cut(path, 4096)


def cut_in_the_middle(path: Path) -> None:
    _cut(path, path.stat().st_size // 3)


def _cut(path: Path, size: int) -> None:
    with path.open("r+b") as file:
        file.truncate(size)


def spoilt_header(path: Path) -> None:
    _overwrite(path, 4200)


def spoilt_first_block(path: Path) -> None:
    _overwrite(path, 12288 + 1000)


def _overwrite(path: Path, at: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(random.Random(1).randbytes(64))  # noqa: S311, no secret


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def a_link_to_nowhere(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.parent / "not-mounted" / "warehouse.duckdb")


def a_link_to_an_empty_place(path: Path) -> None:
    path.unlink()
    (path.parent / "mounted").mkdir()
    path.symlink_to(path.parent / "mounted" / "warehouse.duckdb")


def a_foreign_log(path: Path) -> None:
    other = path.with_name("other.duckdb")
    con = duckdb.connect(str(other), config={"checkpoint_threshold": "1TB"})
    con.execute("create table sales (id integer)")
    shutil.copy(f"{other}.wal", f"{path}.wal")
    con.close()


def a_file_for_what_outgrows_memory(path: Path) -> None:
    spill = path.with_name(f"{path.name}.tmp")
    shutil.rmtree(spill)
    spill.write_bytes(b"")


@pytest.mark.parametrize(
    ("spoil", "advice"),
    [
        (empty, f"warehouse.duckdb is empty: {BACKUP}"),
        (gone, f"warehouse.duckdb is gone, but not the reports that came of it: {BACKUP}"),
        (text, f"warehouse.duckdb is not a DuckDB file: {BACKUP}"),
        (foreign, "warehouse.duckdb holds tables of another program: set another HUBROSTER_HOME"),
        (foreign_sqlite, f"warehouse.duckdb is not a DuckDB file: {BACKUP}"),
        (newer, "warehouse.duckdb was made by a newer hubroster: upgrade this one"),
        (cut_to_a_page, f"): {BACKUP}"),
        (cut_in_the_middle, f"): {BACKUP}"),
        (spoilt_header, f"): {BACKUP}"),
        (spoilt_first_block, f"): {BACKUP}"),
        (a_folder, f"warehouse.duckdb is a folder and not a file: {BACKUP}"),
        (a_link_to_nowhere, "not-mounted/warehouse.duckdb, which is not there: bring that back"),
        (a_link_to_an_empty_place, "mounted/warehouse.duckdb, which is not there: bring that back"),
        (a_foreign_log, "warehouse.duckdb.wal is damaged, or of another file"),
        (a_file_for_what_outgrows_memory, "warehouse.duckdb.tmp is a file, where DuckDB needs a folder"),
    ],
)
def test_a_warehouse_that_is_no_good_is_one_line_and_is_left_alone(
    scene: Scene, tmp_path: Path, spoil: Callable[[Path], None], advice: str
) -> None:
    office = scene.spoil(tmp_path)
    spoil(office.warehouse)
    before, read = office.kept(), len(scene.box.log.rows)

    ended = office.check()

    assert ended.code == 1
    assert advice in ended.line
    assert str(office.warehouse) in ended.line
    assert office.kept() == before
    assert len(scene.box.log.rows) == read  # told before Meta is asked for anything


@pytest.mark.parametrize("seed", range(6))
def test_damage_anywhere_is_one_line_or_in_the_way_of_nothing(
    scene: Scene, tmp_path: Path, seed: int
) -> None:
    office = scene.spoil(tmp_path)
    before = office.pointer
    place = random.Random(seed).randrange(3 * 4096, 1_500_000)  # noqa: S311, no secret
    _overwrite(office.warehouse, place)

    ended = office.check()

    if ended.told:
        assert ended.told["digest"] == scene.undisturbed.told["digest"]
        return
    assert ended.code == 1
    assert BACKUP in ended.line
    assert office.pointer == before


def test_a_log_that_a_killed_writer_left_cut_is_read_as_far_as_it_goes(scene: Scene, tmp_path: Path) -> None:
    office = scene.spoil(tmp_path)
    assert office.check(Fate("warehouse.merged", kill=True)).code == -9
    log = office.warehouse.with_name("warehouse.duckdb.wal")
    _cut(log, log.stat().st_size - 7)

    scene.assert_equal(office, office.check())


def test_a_backup_from_before_the_last_check_tells_its_changes_again(scene: Scene, tmp_path: Path) -> None:
    office = scene.spoil(tmp_path)
    backup = office.warehouse.read_bytes()
    office.check()
    office.warehouse.write_bytes(backup)

    scene.assert_equal(office, office.check())


def delete(path: Path) -> None:
    shutil.rmtree(path)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda office: delete(office.snapshots),
        lambda office: (office.snapshots / "latest.json").write_bytes(b"\x00{"),
        lambda office: delete(office.home / "reports"),
        lambda office: delete(office.home / "raw"),
    ],
    ids=["snapshots", "pointer", "reports", "raw"],
)
def test_what_a_check_only_writes_is_made_anew(
    scene: Scene, tmp_path: Path, spoil: Callable[[Office], object]
) -> None:
    office = scene.spoil(tmp_path)
    spoil(office)

    ended = office.check()

    assert ended.said == ""
    assert ended.told["digest"] == scene.undisturbed.told["digest"]
    assert ended.told["changes"] == scene.undisturbed.told["changes"]
    assert office.facts == scene.twin.facts
    assert Path(ended.told["snapshot"]).is_file()
    assert (office.home / "reports" / f"{ended.told['report_id']}.json").is_file()


def test_a_damaged_key_of_pseudonyms_is_one_line_and_hides_nobody_badly(scene: Scene, tmp_path: Path) -> None:
    office = scene.spoil(tmp_path)
    before = office.pointer
    (office.home / "pseudonym.key").write_bytes(b"")

    ended = office.check()

    assert ended.code == 1
    assert "pseudonym.key is damaged: bring back a backup of it, or delete it" in ended.line
    assert "(the check is done: `hubroster report agency`)" in ended.line
    assert office.pointer == before
