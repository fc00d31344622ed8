"""DuckDB is started once and kept: nothing of that is seen by whoever opens the warehouse."""

import shutil
import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import pytest

from tasks.errors import WarehouseLocked
from tasks.warehouse import engine
from tasks.warehouse.connect import warehouse
from tests.tasks.check_folder import rows

WRITE = "import duckdb, sys; duckdb.connect(sys.argv[1]).execute('create table another_s (i integer)')"
FORKED = """
import os, sys
from pathlib import Path
from tasks.warehouse.connect import warehouse
path = Path(sys.argv[1])
with warehouse(path):
    pass
if child := os.fork():
    os._exit(os.waitpid(child, 0)[1] and 1)
with warehouse(path) as con:
    con.execute("create table another_one as select sum(i) as i from range(100000) as r(i)")
os._exit(0)
"""
TABLES = "select table_name from duckdb_tables() where table_name like 'another%' order by 1"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "home" / "warehouse.duckdb"
    with warehouse(made):
        return made


def written_by_another_process(path: Path) -> bool:
    return (
        subprocess.run(
            [sys.executable, "-c", WRITE, str(path)], check=False, stderr=subprocess.PIPE
        ).returncode
        == 0
    )


@pytest.mark.parametrize("read_only", [True, False])
def test_between_two_openings_another_process_may_write_and_what_it_wrote_is_there(
    path: Path, read_only: bool
) -> None:
    with warehouse(path, read_only=read_only) as con:
        assert rows(con, TABLES) == []
        assert not written_by_another_process(path)
    assert written_by_another_process(path)
    with warehouse(path, read_only=read_only) as con:
        assert rows(con, TABLES) == [("another_s",)]


def test_nothing_of_one_opening_is_left_in_the_next(path: Path) -> None:
    with warehouse(path) as con:
        con.execute("create temp table left_behind as select 1")
        con.execute("set variable secret = 'word'")
        con.execute("begin")
        con.execute("create table another_one (i integer)")
    with warehouse(path) as con:
        assert rows(con, "select table_name from duckdb_tables() where temporary") == []
        assert rows(con, "select getvariable('secret')") == [(None,)]
        assert rows(con, TABLES) == []


def test_who_reads_at_the_same_time_in_one_process_reads_together(path: Path) -> None:
    with warehouse(path, read_only=True) as con:
        with warehouse(path, read_only=True) as second:
            second.execute("create temp table own as select 1")
            assert rows(con, "select count(*) from duckdb_tables() where table_name = 'own'") == [(0,)]
        assert rows(con, "select count(*) from members") == [(0,)]
        assert not written_by_another_process(path)
    assert written_by_another_process(path)


def test_a_writer_in_the_process_of_a_reader_waits_and_harms_no_lock(path: Path) -> None:
    with warehouse(path, read_only=True):
        with (
            pytest.raises(WarehouseLocked, match="another part of this process"),
            warehouse(path, lock_wait_s=0.1),
        ):
            pass
        assert not written_by_another_process(path)
    with warehouse(path) as con:
        con.execute("create table another_one (i integer)")


def test_writers_of_one_process_may_write_at_the_same_time(path: Path) -> None:
    def write(number: int) -> None:
        with warehouse(path) as con:
            con.execute(f"create table another_{number} (i integer)")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with warehouse(path, read_only=True) as con:
        assert len(rows(con, TABLES)) == 8


def test_after_an_error_the_next_opening_is_as_good_as_new(path: Path) -> None:
    with pytest.raises(duckdb.CatalogException), warehouse(path) as con:
        con.execute("begin; create table another_one (i integer); select * from nowhere")
    assert written_by_another_process(path)
    with warehouse(path) as con:
        assert rows(con, TABLES) == [("another_s",)]


def test_a_file_that_took_the_place_of_the_last_one_is_the_one_that_is_read(path: Path) -> None:
    backup = path.with_name("backup")
    shutil.copy(path, backup)
    with warehouse(path) as con:
        con.execute("create table another_one (i integer)")
    backup.replace(path)
    with warehouse(path, read_only=True) as con:
        assert rows(con, TABLES) == []


def test_limits_are_those_of_the_opening(path: Path) -> None:
    for limit, shown in (("512MB", "488.2 MiB"), ("100MB", "95.3 MiB")):
        with warehouse(path, memory_limit=limit) as con:
            assert rows(con, "select current_setting('memory_limit')") == [(shown,)]


def test_an_engine_that_worked_on_much_is_not_kept_with_its_memory(path: Path) -> None:
    with warehouse(path) as con:
        assert not engine._idle
    assert len(engine._idle) == 1
    with warehouse(path) as con:
        con.execute("create table another_one as select random() as a, random() as b from range(2500000)")
    assert path.stat().st_size > engine.SMALL
    assert not engine._idle


def test_a_child_of_a_process_that_opened_it_opens_it_for_itself(path: Path) -> None:
    ended = subprocess.run([sys.executable, "-W", "ignore", "-c", FORKED, str(path)], check=False, timeout=60)
    assert ended.returncode == 0
    with warehouse(path, read_only=True) as con:
        assert rows(con, TABLES) == [("another_one",)]
