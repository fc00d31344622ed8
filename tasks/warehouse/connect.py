"""A connection to the warehouse: one DuckDB file per workspace, one writer at a time."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from tasks.errors import WarehouseError, WarehouseLocked
from tasks.warehouse.migrate import known, migrate, version
from tasks.warehouse.statements import SQL

STORAGE = "v1.4.0"  # older clients open it; DuckDB 2 writes a format of its own unless told
MIGRATIONS = SQL / "migrations"
RETRY_S = 0.1
HOLDER = re.compile(r"lock is held in (?P<program>.+?) \(PID (?P<pid>\d+)\)")


@contextmanager
def warehouse(
    path: Path, *, lock_wait_s: float = 60, read_only: bool = False, memory_limit: str = "512MB"
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse, migrated and in UTC, and close it at the end.

    A writable one is made where there is none (0600, its folder 0700). Raises WarehouseLocked when another
    process holds the file for longer than `lock_wait_s`, and WarehouseError for a file that is missing
    (read-only), foreign, damaged or newer than this program.
    """
    if read_only and not path.exists():
        raise WarehouseError(f"no check has been run yet: there is no {path}")
    con = _open(path, lock_wait_s, read_only=read_only, memory_limit=memory_limit)
    try:
        con.execute("set TimeZone = 'UTC'")
        if not read_only:
            path.chmod(0o600)
            migrate(con, MIGRATIONS, str(path))
        elif version(con, MIGRATIONS, str(path)) < max(known(MIGRATIONS)):
            raise WarehouseError(
                f"{path} was made by an older hubroster: the next check brings it up to date"
            )
        yield con
    except duckdb.OutOfMemoryException as error:
        raise WarehouseError(f"{path}: {memory_limit} of memory are not enough: {_line(error)}") from error
    except (duckdb.IOException, duckdb.FatalException, duckdb.SerializationException) as error:
        raise WarehouseError(f"{path} can't be read or written: {_line(error)}") from error
    finally:
        con.close()


def _open(path: Path, lock_wait_s: float, *, read_only: bool, memory_limit: str) -> duckdb.DuckDBPyConnection:
    spill = path.with_name(f"{path.name}.tmp")  # what outgrows memory_limit: as private as the file itself
    if not read_only:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        spill.mkdir(mode=0o700, exist_ok=True)
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory_limit,
        "temp_directory": str(spill),
        "storage_compatibility_version": STORAGE,
        "preserve_insertion_order": "false",
        "autoinstall_known_extensions": "false",  # never fetch code from the network
    }
    deadline = time.monotonic() + lock_wait_s
    while True:
        try:
            return duckdb.connect(str(path), read_only=read_only, config=config)
        except duckdb.Error as error:
            if not _is_held(error):
                raise WarehouseError(_why_unusable(path, error)) from error
            if time.monotonic() >= deadline:
                raise WarehouseLocked(_who_holds(path, lock_wait_s, error)) from error
        time.sleep(RETRY_S)


def _is_held(error: duckdb.Error) -> bool:
    # the second: this process has it open in another mode
    return "Could not set lock" in str(error) or "with a different configuration" in str(error)


def _who_holds(path: Path, lock_wait_s: float, error: duckdb.Error) -> str:
    holder = HOLDER.search(str(error))
    who = f"process {holder['pid']} ({holder['program']})" if holder else "another part of this process"
    return f"{path} is held by {who}, waited {lock_wait_s:g} s: try again when it is done"


def _why_unusable(path: Path, error: duckdb.Error) -> str:
    text = str(error)
    if path.is_file() and path.stat().st_size == 0:
        return f"{path} is empty: delete it, and the next check makes a new one"
    if "not a valid DuckDB database" in text:
        return f"{path} is not a DuckDB file: move it away, or bring back a backup"
    if "with version number" in text:
        return f"{path} was written by a newer DuckDB: upgrade duckdb"
    return f"{path} can't be opened: {_line(error)}"


def _line(error: duckdb.Error) -> str:
    return str(error).strip().splitlines()[0]
