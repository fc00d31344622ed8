"""Numbered SQL files, each applied once, in one transaction with its record; for DuckDB and SQLite alike."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from importlib.resources.abc import Traversable
from typing import Any, Protocol

import duckdb

from tasks.boundaries import reached
from tasks.errors import WarehouseError


class Connection(Protocol):
    """What a migration needs: DuckDB's and SQLite's connections both have it."""

    def execute(self, query: str, parameters: Any = ..., /) -> Any:
        """Run one statement."""


def known(folder: Traversable) -> dict[int, Traversable]:
    """Return the migrations in a folder, `0001_facts.sql` and so on, by number, lowest first."""
    found = {int(f.name.split("_")[0]): f for f in folder.iterdir() if f.name.endswith(".sql")}
    return dict(sorted(found.items()))


def version(con: Connection, folder: Traversable, store: str) -> int:
    """Return the number of the newest migration in a store, 0 for a new one.

    A store that something else made, or a newer hubroster, raises WarehouseError; `store` is its name there.
    """
    try:
        applied: list[tuple[int, str]] = con.execute("select number, name from schema_migrations").fetchall()
    except (duckdb.CatalogException, sqlite3.OperationalError):  # there is no such table
        # Not asked first: every opening pays for it, and listing tables makes DuckDB load each of them
        if not con.execute("select name from sqlite_master where type = 'table'").fetchall():
            return 0
        raise WarehouseError(f"{store} holds tables of another program: set another HUBROSTER_HOME") from None
    names = {number: file.name for number, file in known(folder).items()}
    if any(number > max(names) for number, _ in applied):
        raise WarehouseError(f"{store} was made by a newer hubroster: upgrade this one")
    if any(names.get(number) != name for number, name in applied):
        raise WarehouseError(f"{store} was migrated by another program: set another HUBROSTER_HOME")
    return max((number for number, _ in applied), default=0)


def migrate(con: Connection, folder: Traversable, store: str) -> int:
    """Apply the migrations that a store lacks; return how many."""
    at = version(con, folder, store)
    pending = {number: file for number, file in known(folder).items() if number > at}
    for number, file in pending.items():
        con.execute("begin")
        try:
            _apply(con, number, file)
            reached("warehouse.migrating")
        except BaseException:
            con.execute("rollback")
            raise
        con.execute("commit")
        reached("warehouse.migrated")
    return len(pending)


def _apply(con: Connection, number: int, file: Traversable) -> None:
    con.execute(
        "create table if not exists schema_migrations"
        " (number integer primary key, name text, applied_at text)"
    )
    # SQLite runs one statement at a time; a migration therefore ends each with ";" at the end of a line
    for sql in file.read_text(encoding="utf-8").split(";\n"):
        if sql.strip():
            con.execute(sql)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    con.execute("insert into schema_migrations values (?, ?, ?)", (number, file.name, now))
