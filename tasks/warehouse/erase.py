"""A hub out of the warehouse: its rows, and the bytes that deleted rows leave in the file."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tasks.warehouse.connect import NEW, STORAGE, in_turn, warehouse
from tasks.warehouse.load import transaction
from tasks.warehouse.statements import execute, run, statement

if TYPE_CHECKING:
    import duckdb

# All that has a column `hub`, but the checks; a test holds it to that.
TABLES = (
    "hubs", "edges", "members", "hub_assets", "partners", "grants", "stays", "links", "candidates", "weighed",
)  # fmt: skip
MIGRATED = "schema_migrations"


def erase_hub(path: Path, hub: str, *, lock_wait_s: float, memory_limit: str) -> int:
    """Erase what was read of a hub and return how many rows that were; done twice it finds none.

    People and reads of the directory stay, assets that another hub ever saw, and the bare times of the
    checks. The file is written anew, as deleted rows would stay in it until something else needs their place.
    Raises what `warehouse` does.
    """
    with warehouse(path, lock_wait_s=lock_wait_s, memory_limit=memory_limit) as con:
        erased = _delete(con, hub)
        _write_anew(con, path, memory_limit)
    return erased


def _delete(con: duckdb.DuckDBPyConnection, hub: str) -> int:
    with transaction(con):
        run(con, "erase/renamed", hub=hub)
        run(con, "erase/directory_reads")
        counts = [_count(run(con, "erase/checks")), _count(run(con, "erase/assets", hub=hub))]
        rows = statement("erase/rows")
        counts += [_count(execute(con, rows.format(table=table), {"hub": hub})) for table in TABLES]
        con.execute("drop table temp.renamed_checks")
    return sum(counts)


def _count(done: duckdb.DuckDBPyConnection) -> int:
    (rows,) = done.fetchone() or (0,)
    return int(rows)


def _write_anew(con: duckdb.DuckDBPyConnection, path: Path, memory_limit: str) -> None:
    """Put a new file with the same rows in the place of the one that is open, and so locked, here."""
    aside = Path(tempfile.mkdtemp(prefix=NEW, dir=path.parent))
    try:
        fresh = aside / path.name
        with warehouse(fresh, memory_limit=memory_limit):
            pass  # made, with every comment and constraint
        name = str(fresh).replace("'", "''")
        con.execute(f"attach '{name}' as fresh (storage_version '{STORAGE}')")
        with transaction(con):
            for table in _tables(con):
                con.execute(statement("erase/moved").format(table=table))
        con.execute("detach fresh")
        con.execute("checkpoint")  # what is still open here has nothing left to write
        # Whoever opens it does so by name: none may be about to lock the old file while the name goes over
        with in_turn(path, time.monotonic() + 5, read_only=False):
            fresh.replace(path)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _tables(con: duckdb.DuckDBPyConnection) -> list[str]:
    found = con.execute(
        """select table_name from duckdb_tables()
           where database_name = current_database() and table_name <> $own""",
        {"own": MIGRATED},
    ).fetchall()
    return sorted(str(name) for (name,) in found)
