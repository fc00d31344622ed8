"""Numbered SQL files, each applied once, in one transaction with its record; for every store of ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources.abc import Traversable
from typing import Any, Protocol

import duckdb

from tasks.boundaries import reached
from tasks.errors import HubrosterError, LedgerError, WarehouseError


class Connection(Protocol):
    """What a migration needs: the connections of DuckDB, SQLite and psycopg have it."""

    def execute(self, query: str, parameters: Any = ..., /) -> Any:
        """Run one statement."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What differs from one kind of store to another."""

    dialect: str  # `0002_append_only.sqlite.sql` is for this one only
    begin: tuple[str, ...]  # what keeps others from migrating at the same time
    is_no_table: Callable[[Exception], bool]  # an error that means: there is no such table
    tables: str  # the statement that lists them
    mark: str  # how it writes a parameter
    error: type[HubrosterError]
    says: str  # what its boundaries are called
    elsewhere: str  # what to do about a store that is not ours


_TABLES_OF_POSTGRES = "select tablename from pg_tables where schemaname = current_schema()"
_HOME = "set another HUBROSTER_HOME"
_URL = "name another database in [ledger] url"
# A number of ours: what two hubrosters that migrate one Postgres database at once wait for
_POSTGRES_LOCK = "select pg_advisory_xact_lock(680014131)"

DUCKDB = Kind(
    "duckdb",
    ("begin",),
    lambda error: isinstance(error, duckdb.CatalogException),
    "select name from sqlite_master where type = 'table'",
    "?",
    WarehouseError,
    "warehouse",
    _HOME,
)
SQLITE = Kind(
    "sqlite",
    ("begin immediate",),
    lambda error: isinstance(error, sqlite3.OperationalError) and "no such table" in str(error),
    "select name from sqlite_master where type = 'table'",
    "?",
    LedgerError,
    "ledger",
    _HOME,
)
POSTGRES = Kind(
    "postgresql",
    ("begin", _POSTGRES_LOCK),
    lambda error: getattr(error, "sqlstate", None) == "42P01",
    _TABLES_OF_POSTGRES,
    "%s",
    LedgerError,
    "ledger",
    _URL,
)


def known(folder: Traversable, dialect: str = "duckdb") -> dict[int, Traversable]:
    """Return the migrations in a folder by number: `0001_facts.sql`, `0002_more.sqlite.sql`."""
    found: dict[int, Traversable] = {}
    for file in folder.iterdir():
        name, *of = file.name.removesuffix(".sql").split(".")
        if file.name.endswith(".sql") and of in ([], [dialect]):
            found[int(name.split("_")[0])] = file
    return dict(sorted(found.items()))


def version(con: Connection, folder: Traversable, store: str, kind: Kind = DUCKDB) -> int:
    """Return the number of the newest migration in a store, 0 for a new one.

    A store that something else made, or a newer hubroster, raises the kind's error; `store` names it there.
    """
    try:
        applied: list[tuple[int, str]] = con.execute("select number, name from schema_migrations").fetchall()
    except Exception as error:
        if not kind.is_no_table(error):
            raise
        # Not asked first: every opening pays for it, and listing tables makes DuckDB load each of them
        if not con.execute(kind.tables).fetchall():
            return 0
        raise kind.error(f"{store} holds tables of another program: {kind.elsewhere}") from None
    names = {number: file.name for number, file in known(folder, kind.dialect).items()}
    if any(number > max(names) for number, _ in applied):
        raise kind.error(f"{store} was made by a newer hubroster: upgrade this one")
    if any(names.get(number) != name for number, name in applied):
        raise kind.error(f"{store} was migrated by another program: {kind.elsewhere}")
    return max((number for number, _ in applied), default=0)


def migrate(con: Connection, folder: Traversable, store: str, kind: Kind = DUCKDB) -> int:
    """Apply the migrations that a store lacks; return how many. Two that do so at once apply each once."""
    at = version(con, folder, store, kind)
    pending = {number: file for number, file in known(folder, kind.dialect).items() if number > at}
    for number, file in pending.items():
        for statement in kind.begin:
            con.execute(statement)
        try:
            _apply(con, number, file, kind)
            reached(f"{kind.says}.migrating")
        except BaseException:
            con.execute("rollback")
            raise
        con.execute("commit")
        reached(f"{kind.says}.migrated")
    return len(pending)


def _apply(con: Connection, number: int, file: Traversable, kind: Kind) -> None:
    con.execute(
        "create table if not exists schema_migrations"
        " (number integer primary key, name text, applied_at text)"
    )
    is_applied = f"select 1 from schema_migrations where number = {kind.mark}"  # noqa: S608  # `?` or `%s`
    if con.execute(is_applied, (number,)).fetchall():
        return  # by another process, since we looked
    # SQLite runs one statement at a time; a migration therefore ends each with ";" at the end of a line
    for sql in file.read_text(encoding="utf-8").split(";\n"):
        if sql.strip():
            con.execute(sql)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    values = ", ".join([kind.mark] * 3)
    con.execute(f"insert into schema_migrations values ({values})", (number, file.name, now))  # noqa: S608
