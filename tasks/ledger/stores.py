"""Where the ledger is kept: an SQLite file in the home, or a Postgres database. One way to use both."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from tasks.boundaries import reached
from tasks.errors import LedgerError
from tasks.home_files import sweep
from tasks.ledger.trouble import BACK, is_busy, tell_trouble
from tasks.migrate import POSTGRES, SQLITE, Kind, migrate

MIGRATIONS = files("tasks.ledger") / "migrations"
FILE = "ledger.db"
MADE = "ledger.made"  # says that there was a ledger once: a lost one is never begun anew by itself
NEW = ".new-ledger-"
RETRY_S = 0.02


@dataclass(slots=True)
class Store:
    """An opened store. `name` is what messages call it; it never holds a password."""

    name: str
    engine: Engine
    kind: Kind
    wait_s: float
    path: Path | None = None  # of SQLite's file
    file: tuple[int, int] | None = field(default=None)  # which file that was when it was opened

    @contextmanager
    def transaction(self, *, exclusive: bool) -> Iterator[Connection]:
        """Run one transaction: exclusive to write, else a snapshot to read; an error rolls it back.

        Raises LedgerBusy after `wait_s`, and LedgerError for what an operator can mend.
        """
        with tell_trouble(self.name, self.wait_s):
            self._same_file()
            with self.engine.connect() as con:
                try:
                    self._begin(con, exclusive=exclusive)
                    yield con
                    if exclusive:
                        reached("ledger.writing")
                    self._commit(con)
                except BaseException:
                    # SQLite has done so itself when the disk is full; a lost connection has none to roll back
                    with suppress(SQLAlchemyError):
                        con.exec_driver_sql("rollback")
                    raise
            if exclusive:
                reached("ledger.written")

    def forget(self) -> None:
        """Let what was erased leave SQLite's write-ahead log too; a reader may put that off."""
        if self.path:
            with suppress(DBAPIError), self.engine.connect() as con:
                con.exec_driver_sql("pragma wal_checkpoint(truncate)")

    def _commit(self, con: Connection) -> None:
        try:
            con.exec_driver_sql("commit")
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            told = "the connection was lost at the end of writing: `hubroster ledger show` says what it holds"
            raise LedgerError(f"{self.name}: {told}") from error

    def _begin(self, con: Connection, *, exclusive: bool) -> None:
        if self.kind is POSTGRES:
            if not exclusive:
                con.exec_driver_sql("begin isolation level repeatable read read only")
                return
            con.exec_driver_sql("begin isolation level read committed")
            con.exec_driver_sql(f"set local lock_timeout = {max(1, round(self.wait_s * 1000))}")
            con.exec_driver_sql("set local synchronous_commit = on")
            # of this table, so that two ledgers in one database don't wait for each other
            con.exec_driver_sql("select pg_advisory_xact_lock('entries'::regclass::oid::bigint)")
            return
        deadline = time.monotonic() + self.wait_s
        while True:
            try:
                con.exec_driver_sql("begin immediate" if exclusive else "begin")
                if not exclusive:
                    con.exec_driver_sql("select 1 from entries limit 1")  # here SQLite takes its snapshot
            except DBAPIError as error:
                # SQLite waits by itself, but not while another process opens or closes the file
                if not is_busy(error.orig) or time.monotonic() >= deadline:
                    raise
                with suppress(DBAPIError):
                    con.exec_driver_sql("rollback")
                time.sleep(RETRY_S)
            else:
                return

    def _same_file(self) -> None:
        """Raise LedgerError when the file is another than the one opened: what we wrote would be lost."""
        if self.path is None:
            return
        try:
            now = _identity(self.path)
        except FileNotFoundError:
            raise LedgerError(f"{self.path} is gone: {BACK}") from None
        if now != self.file:
            raise LedgerError(f"{self.path} was replaced meanwhile: start this again to use the new one")


def sqlite_store(home: Path, wait_s: float) -> Store:
    """Open `home/ledger.db`, made and migrated where it must be; 0600. Raises LedgerError."""
    path = home / FILE
    require_intact(path)
    with tell_trouble(str(path), wait_s):
        if not path.exists():
            _make(path)
        path.chmod(0o600)
        path.with_name(MADE).touch(mode=0o600)
        engine = create_engine(
            f"sqlite:///{path}",
            isolation_level="AUTOCOMMIT",  # we say begin and commit ourselves
            connect_args={"timeout": wait_s},
            max_overflow=-1,
            hide_parameters=True,  # an error that reaches a log tells no name
        )
        event.listen(engine, "connect", _pragmas)
        store = Store(str(path), engine, SQLITE, wait_s, path, _identity(path))
        _migrate(store)
    return store


def postgres_store(url: str, wait_s: float) -> Store:
    """Open the database of a `postgresql://` URL, migrated where it must be. Raises LedgerError."""
    store = postgres_at(url, wait_s)
    with tell_trouble(store.name, wait_s):
        _migrate(store)
    return store


def postgres_at(url: str, wait_s: float) -> Store:
    """Return the store of a `postgresql://` URL, not migrated. Raises LedgerError for what is no such URL."""
    if importlib.util.find_spec("psycopg") is None:
        raise LedgerError("a ledger on Postgres needs psycopg: pip install 'hubroster[postgres]'")
    try:
        named = make_url(url)
    except (ArgumentError, ValueError):  # the second: a port that is no number
        named = None
    if named is None or named.drivername not in ("postgresql", "postgres"):
        raise LedgerError("[ledger] url is neither `sqlite` nor a postgresql:// URL: mend it")
    name = f"the ledger {named.database or ''} at {named.host or named.query.get('host') or 'localhost'}"
    engine = create_engine(
        named.set(drivername="postgresql+psycopg"),
        isolation_level="AUTOCOMMIT",
        pool_pre_ping=True,
        max_overflow=-1,
        hide_parameters=True,
        connect_args={"connect_timeout": 10},
    )
    return Store(name, engine, POSTGRES, wait_s)


def _migrate(store: Store) -> None:
    try:
        with store.engine.connect() as con:
            driver: Any = con.connection.driver_connection
            migrate(driver, MIGRATIONS, store.name, store.kind)
    except BaseException:
        store.engine.dispose()
        raise


def _pragmas(con: sqlite3.Connection, _record: object) -> None:
    con.execute("pragma synchronous = full")  # a decision that was told is on the disk
    con.execute("pragma secure_delete = on")  # what was erased leaves no bytes behind


def _make(path: Path) -> None:
    """Make a ledger aside and give it its name when it is whole: an empty file is a damaged one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    sweep(path.parent, f"{NEW}*")
    aside = Path(tempfile.mkdtemp(prefix=NEW, dir=path.parent))
    try:
        con = sqlite3.connect(aside / FILE, isolation_level=None)
        try:
            con.execute("pragma journal_mode = wal")  # stays with the file
            migrate(con, MIGRATIONS, str(path), SQLITE)
        finally:
            con.close()
        (aside / FILE).chmod(0o600)
        reached("ledger.made")
        with suppress(FileExistsError):  # the first of two that start together wins
            os.link(aside / FILE, path)
        reached("ledger.named")
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def require_intact(path: Path) -> None:
    """Raise LedgerError for what can be seen without opening it, a ledger that is lost above all."""
    if path.is_symlink() and not path.exists():
        raise LedgerError(f"{path} is a link to {path.readlink()}, which is not there: bring that back")
    if path.is_dir():
        raise LedgerError(f"{path} is a folder and not a file: move it away and {BACK}")
    if path.exists():
        if path.stat().st_size == 0:
            raise LedgerError(f"{path} is empty: {BACK}")
    elif path.with_name(MADE).exists():
        raise LedgerError(
            f"{path} is gone, and every decision with it: {BACK}, "
            f"or remove {path.with_name(MADE)} to begin anew"
        )


def _identity(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino
