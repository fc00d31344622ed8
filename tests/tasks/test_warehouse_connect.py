"""Opening the warehouse: who may, who waits, and which files are refused."""

import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from tasks.errors import WarehouseError, WarehouseLocked
from tasks.migrate import SQLITE, known, migrate, version
from tasks.warehouse.connect import MIGRATIONS, warehouse
from tests.tasks.check_folder import rows

HOLD = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.readline()"
DIE = """
import duckdb, os, sys
con = duckdb.connect(sys.argv[1])
con.execute("insert into checks (check_id) values ('kept')")
con.execute("begin")
con.execute("insert into checks (check_id) values ('lost')")
os._exit(9)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "warehouse.duckdb"


def made(path: Path) -> Path:
    with warehouse(path):
        return path


def test_a_new_warehouse_is_for_its_owner_only_and_has_every_table_explained(path: Path) -> None:
    with warehouse(path) as con:
        assert rows(con, "select current_setting('TimeZone')") == [("UTC",)]
        silent = "select table_name from duckdb_tables() where comment is null"
        assert rows(con, silent) == [("schema_migrations",)]
        silent = "select distinct table_name from duckdb_columns() where comment is null and not internal"
        assert rows(con, silent) == [("schema_migrations",)]
    assert oct(path.stat().st_mode)[-3:] == "600"
    assert oct(path.parent.stat().st_mode)[-3:] == "700"


def test_a_second_opening_finds_nothing_to_migrate(path: Path) -> None:
    made(path)
    with warehouse(path) as con:
        assert migrate(con, MIGRATIONS, str(path)) == 0


def test_the_storage_is_one_that_older_clients_open(path: Path) -> None:
    with warehouse(path) as con:
        (tags,) = con.execute("select tags from duckdb_databases() where not internal").fetchone() or ({},)
        assert tags["storage_version"] == "v1.4.0+"


def test_reading_before_the_first_check_says_so(path: Path) -> None:
    with pytest.raises(WarehouseError, match="no check has been run yet"), warehouse(path, read_only=True):
        pass
    assert not path.parent.exists()


def test_a_reader_can_not_write(path: Path) -> None:
    with warehouse(made(path), read_only=True) as con, pytest.raises(duckdb.InvalidInputException):
        con.execute("delete from members")


@pytest.mark.parametrize("read_only", [True, False])
def test_who_waits_too_long_is_told_who_holds_it(path: Path, read_only: bool) -> None:
    with holder(made(path)) as process:
        with (
            pytest.raises(WarehouseLocked, match=f"held by process {process.pid} "),
            warehouse(path, lock_wait_s=0.3, read_only=read_only),
        ):
            pass
        process.communicate("go\n")


def test_who_waits_gets_it_when_the_holder_is_done(path: Path) -> None:
    with holder(made(path)) as process:
        process.stdin.write("go\n")  # it lets go while we wait
        process.stdin.flush()
        with warehouse(path, lock_wait_s=20) as con:
            assert rows(con, "select count(*) from members") == [(0,)]


def holder(path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True)  # fmt: skip
    assert process.stdout is not None
    process.stdout.readline()
    return process


def test_a_writer_that_dies_in_the_middle_leaves_what_was_committed(path: Path) -> None:
    made(path)
    subprocess.run([sys.executable, "-c", DIE, str(path)], check=False)
    with warehouse(path, read_only=True) as con:
        assert rows(con, "select check_id from checks") == [("kept",)]


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"", "is empty: bring back a backup"),
        (b"id,email\n" * 900, "not a DuckDB file"),
        (b"x", "not a DuckDB file"),
    ],
)
def test_a_file_that_is_no_warehouse_is_one_line_of_advice(path: Path, content: bytes, advice: str) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(WarehouseError, match=advice) as caught, warehouse(path):
        pass
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == content


def test_a_damaged_warehouse_is_one_line_of_advice(path: Path) -> None:
    size = made(path).stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(min(size - 4096, 65536)))
    with pytest.raises(WarehouseError) as caught, warehouse(path) as con:
        rows(con, "select count(*) from members")
    assert "\n" not in str(caught.value)


def test_a_warehouse_of_another_program_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    with duckdb.connect(str(path)) as con:
        con.execute("create table sales (id integer)")
    with pytest.raises(WarehouseError, match="another program"), warehouse(path):
        pass
    with duckdb.connect(str(path)) as con:
        assert rows(con, "select table_name from duckdb_tables()") == [("sales",)]


def test_a_warehouse_of_a_newer_hubroster_is_left_alone(path: Path) -> None:
    with warehouse(path) as con:
        con.execute("insert into schema_migrations values (9000, '9000_future.sql', 'now')")
    with pytest.raises(WarehouseError, match="newer hubroster"), warehouse(path):
        pass


def test_a_reader_of_an_older_warehouse_is_told_what_brings_it_up_to_date(path: Path) -> None:
    with warehouse(path) as con:
        con.execute("delete from schema_migrations where number > 1")
    with pytest.raises(WarehouseError, match="the next check brings it"), warehouse(path, read_only=True):
        pass


def test_a_migration_that_fails_leaves_no_trace(tmp_path: Path) -> None:
    (tmp_path / "0001_first.sql").write_text("create table a (x integer);\n")
    (tmp_path / "0002_second.sql").write_text("create table b (x integer);\ncreate table a (x integer);\n")
    con = duckdb.connect()
    with pytest.raises(duckdb.CatalogException):
        migrate(con, tmp_path, "store")
    assert version(con, tmp_path, "store") == 1
    assert rows(con, "select table_name from duckdb_tables() order by 1") == [("a",), ("schema_migrations",)]


def test_the_same_runner_migrates_sqlite(tmp_path: Path) -> None:
    (tmp_path / "0001_first.sql").write_text(
        "-- one\ncreate table a (x integer);\ncreate table b (x integer);\n"
    )
    con = sqlite3.connect(tmp_path / "ledger.sqlite", isolation_level=None)
    assert migrate(con, tmp_path, "ledger", SQLITE) == 1
    assert migrate(con, tmp_path, "ledger", SQLITE) == 0
    assert con.execute("select (select count(*) from a), (select count(*) from b)").fetchall() == [(0, 0)]
    con.close()


def test_migrations_are_numbered_without_gaps() -> None:
    assert list(known(MIGRATIONS)) == list(range(1, len(known(MIGRATIONS)) + 1))


READS_ON_AND_ON = """
import sys, time
from pathlib import Path
from tasks.warehouse.connect import warehouse
path, ends = Path(sys.argv[1]), time.monotonic() + 20
while time.monotonic() < ends and not path.with_name("written").exists():
    with warehouse(path, read_only=True, lock_wait_s=30) as con:
        con.execute("select 1").fetchall()
        time.sleep(0.3)
"""


def test_a_writer_has_his_turn_however_many_readers_there_are(tmp_path: Path) -> None:
    """Readers whose times overlap leave no moment at which nobody reads."""
    path = tmp_path / "warehouse.duckdb"
    with warehouse(path):
        pass
    readers = [
        subprocess.Popen([sys.executable, "-c", READS_ON_AND_ON, str(path)], env=os.environ) for _ in range(4)
    ]
    try:
        time.sleep(3)  # all of them read
        with warehouse(path, lock_wait_s=10) as con:
            con.execute("create table written (i integer)")
        (tmp_path / "written").touch()
    finally:
        ended = [reader.wait(timeout=60) for reader in readers]
    assert ended == [0, 0, 0, 0]
