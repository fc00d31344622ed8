"""A connection to the warehouse: one DuckDB file per workspace, one writer at a time."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from tasks.boundaries import reached
from tasks.errors import WarehouseError, WarehouseLocked, WarehouseOlder
from tasks.home_files import taken
from tasks.migrate import known, migrate, version
from tasks.warehouse.engine import Attached, Config, HeldHere
from tasks.warehouse.statements import SQL
from tasks.warehouse.trouble import require_intact, tell_trouble

STORAGE = "v1.4.0"  # older clients open it; DuckDB 2 writes a format of its own unless told
MIGRATIONS = SQL / "migrations"
NEW = ".new-warehouse-"  # a warehouse in the making; what a killed process leaves of one is swept away
RETRY_S = 0.03  # many hubs at once open it some ten times a check
PATIENCE_S = 5  # of a reader while a writer waits for who has it open in a shell, say
HOLDER = re.compile(r"lock is held in (?P<program>.+?) \(PID (?P<pid>\d+)\)")


@contextmanager
def warehouse(
    path: Path, *, lock_wait_s: float = 60, read_only: bool = False, memory_limit: str = "512MB"
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse, migrated and in UTC, and close it at the end.

    A writable one is made where there never was one (0600, its folder 0700). Raises WarehouseLocked when
    another process holds the file for longer than `lock_wait_s`, and WarehouseError for a file that is
    missing, foreign, damaged, newer than this program, or that can't be written to.
    """
    require_intact(path)
    if read_only and not path.exists():
        raise WarehouseError(f"no check has been run yet (there is no {path}): run `hubroster check HUB`")
    with _private(), tell_trouble(path, memory_limit):
        if not path.exists():
            _make(path, memory_limit)
        opened = _open(path, lock_wait_s, read_only=read_only, memory_limit=memory_limit)
        is_sound = False
        try:
            _prepare(opened.con, path, read_only=read_only)
            yield opened.con
            is_sound = True
        finally:
            opened.close(is_sound=is_sound)


@contextmanager
def _private() -> Iterator[None]:
    """Let what DuckDB makes, its write-ahead log above all, be for its owner only."""
    usual = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(usual)


def _make(path: Path, memory_limit: str) -> None:
    """Make a warehouse aside and give it its name when it is whole.

    So a file of no bytes, or without a table, is never one that a killed check has begun: it is damaged.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=NEW, dir=path.parent))
    try:
        config = _config(aside / "spill", memory_limit) | {"threads": 1}
        with duckdb.connect(str(aside / path.name), config=config) as con:
            migrate(con, MIGRATIONS, str(path))
        reached("warehouse.made")
        with suppress(FileExistsError):  # the first of two checks that start together wins
            os.link(aside / path.name, path)
        reached("warehouse.named")
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _open(path: Path, lock_wait_s: float, *, read_only: bool, memory_limit: str) -> Attached:
    spill = _spill(path)
    if not read_only:
        spill.mkdir(mode=0o700, exist_ok=True)
    deadline = time.monotonic() + lock_wait_s
    with in_turn(path, deadline, read_only=read_only):
        while True:
            try:
                return Attached(path, read_only=read_only, config=_config(spill, memory_limit))
            except duckdb.Error as error:
                if not _is_held(error):
                    raise
                if time.monotonic() >= deadline:
                    raise WarehouseLocked(_who_holds(path, lock_wait_s, error)) from error
            time.sleep(RETRY_S)


def _spill(path: Path) -> Path:
    """Return where goes what outgrows memory_limit: as private as the file itself."""
    return path.with_name(f"{path.name}.tmp")


@contextmanager
def in_turn(path: Path, deadline: float, *, read_only: bool) -> Iterator[None]:
    """Let who wants to write go before who comes to read after him: many readers would keep him out for ever.

    A gate beside the file, held while it is being opened: by readers together, by a writer alone, who keeps
    it while he waits for those that read already. It only orders: after `deadline`, readers after some
    seconds, or where it can't be made, everybody goes on, and DuckDB's own lock decides.
    """
    try:
        gate = os.open(path.with_name(f".{path.name}.gate"), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        yield
        return
    try:
        how = fcntl.LOCK_SH if read_only else fcntl.LOCK_EX
        patience = min(deadline, time.monotonic() + PATIENCE_S) if read_only else deadline
        while not taken(gate, how) and time.monotonic() < patience:
            time.sleep(RETRY_S)
        yield
    finally:
        os.close(gate)


def _config(spill: Path, memory_limit: str) -> Config:
    return {
        "memory_limit": memory_limit,
        "temp_directory": str(spill),
        "storage_compatibility_version": STORAGE,
        "preserve_insertion_order": "false",
        "autoinstall_known_extensions": "false",  # never fetch code from the network
    }


def _prepare(con: duckdb.DuckDBPyConnection, path: Path, *, read_only: bool) -> None:
    con.execute("set TimeZone = 'UTC'")
    if not read_only:
        for left in _spill(path).iterdir():  # nobody else has it open: it is what a killed check has left
            left.unlink(missing_ok=True)
        path.chmod(0o600)
        migrate(con, MIGRATIONS, str(path))
    elif version(con, MIGRATIONS, str(path)) < max(known(MIGRATIONS)):
        raise WarehouseOlder(f"{path} was made by an older hubroster: the next check brings it up to date")


def _is_held(error: duckdb.Error) -> bool:
    return isinstance(error, HeldHere) or "Could not set lock" in str(error)


def _who_holds(path: Path, lock_wait_s: float, error: duckdb.Error) -> str:
    holder = HOLDER.search(str(error))
    who = f"process {holder['pid']} ({holder['program']})" if holder else "another part of this process"
    return f"{path} is held by {who}, waited {lock_wait_s:g} s: try again when it is done"
