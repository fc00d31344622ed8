"""One snapshot file, full or masked, built from the warehouse in a file of its own."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tasks.warehouse.connect import STORAGE
from tasks.warehouse.frames import shown_as
from tasks.warehouse.load import transaction
from tasks.warehouse.queries import CONTROL_TASKS
from tasks.warehouse.snapshot_columns import Column, Relation, relations
from tasks.warehouse.statements import execute, statement

if TYPE_CHECKING:
    from datetime import datetime

    import duckdb
    import pandas as pd

PERSONAL_LINE = re.compile(r"^.*--\s*personal\s*$\n?", re.MULTILINE)
KNOWN = ("person_id", "known_as", "source", "display_name", "primary_email", "department", "kind", "status")
BLOCK = 64  # bytes, of SHA-256: HMAC pads its key to this (RFC 2104)
# HMAC-SHA-256 in SQL, so that the ids themselves never come near the masked file
PSEUDONYM = (
    "left(sha256(getvariable('outer_pad') || unhex("
    "sha256(getvariable('inner_pad') || encode({0})))), 16) as {0}"
)


# The files, full and masked, as they are before rows come in. That is for the program to say, whatever the
# warehouse holds; half of a small snapshot's time goes into it.
_empty: dict[bool, bytes] = {}


def known_people(con: duckdb.DuckDBPyConnection, people: pd.DataFrame) -> AbstractContextManager[None]:
    """Show to `build` the people whom matching knows: a row for each id, as of `OnePerPerson.by_every_id`."""
    return shown_as(con, "known_people", people, text=KNOWN)


def build(
    con: duckdb.DuckDBPyConnection,
    file: Path,
    *,
    workspace: str,
    at: datetime,
    masked: bool,
    salt: bytes,
    head: str | None = None,
) -> None:
    """Write a new snapshot file; a masked one is made of allowed columns alone, never by deleting.

    Within `known_people`. `head`: where the ledger ends, as a witness keeps it.
    """
    values = {"workspace": workspace, "made_at": at, "masked": masked, "ledger_head": head}
    values["control_tasks"] = CONTROL_TASKS
    with _keyed(con, salt):
        if masked in _empty:
            file.write_bytes(_empty[masked])
        else:
            _build_empty(con, file, values, masked=masked)
            _empty[masked] = file.read_bytes()
        with _attached(con, file), transaction(con):
            for relation in relations():
                if not relation.is_view:
                    rows = statement(f"snapshot/{relation.name}")
                    put("snapshot_rows", con, relation, rows, values, masked=masked)


def _build_empty(
    con: duckdb.DuckDBPyConnection, file: Path, values: Mapping[str, object], *, masked: bool
) -> None:
    with _attached(con, file) as warehouse, transaction(con):
        con.execute("create schema snapshot.roster")
        for relation in relations():
            if relation.is_view:
                _create_view(con, relation, warehouse, masked=masked)
            else:
                rows = statement(f"snapshot/{relation.name}")
                put("snapshot_table", con, relation, rows, values, masked=masked)
            con.execute(";".join(_comments(relation, masked=masked)))


def put(
    how: str,
    con: duckdb.DuckDBPyConnection,
    relation: Relation,
    rows: str,
    values: Mapping[str, object],
    *,
    masked: bool,
) -> None:
    """Make a table of a query's columns (snapshot_table), or put its rows there (snapshot_rows).

    Of a masked one, only the columns that are classified to be shown.
    """
    picked = ", ".join(_picked(column) for column in relation.shown(masked=True)) if masked else "*"
    execute(con, statement(how).format(table=relation.name, columns=picked, rows=rows), values)


def _picked(column: Column) -> str:
    return PSEUDONYM.format(column.name) if column.kind == "pseudonym" else column.name


def _create_view(con: duckdb.DuckDBPyConnection, relation: Relation, warehouse: str, *, masked: bool) -> None:
    rows = statement(f"snapshot/views/{relation.name}")
    rows = PERSONAL_LINE.sub("", rows) if masked else rows
    # Its tables are named without the file, whose name a reader may choose
    con.execute("use snapshot.roster")
    con.execute(f"create view {relation.name} as {rows}")
    con.execute(f'use "{warehouse}"')


def _comments(relation: Relation, *, masked: bool) -> Iterator[str]:
    name = f"snapshot.roster.{relation.name}"
    kind = "view" if relation.is_view else "table"
    yield f"comment on {kind} {name} is {_quoted(relation.comment)}"
    for column in relation.shown(masked=masked):
        hidden = (
            " (here a pseudonym, the same in every masked file)"
            if masked and column.kind == "pseudonym"
            else ""
        )
        yield f"comment on column {name}.{column.name} is {_quoted(column.comment + hidden)}"


@contextmanager
def _attached(con: duckdb.DuckDBPyConnection, file: Path) -> Iterator[str]:
    (warehouse,) = con.execute("select current_database()").fetchone() or ("",)
    con.execute(f"attach {_quoted(str(file))} as snapshot (storage_version '{STORAGE}')")
    try:
        yield warehouse
    finally:
        con.execute(f'use "{warehouse}"')
        con.execute("detach snapshot")


@contextmanager
def _keyed(con: duckdb.DuckDBPyConnection, salt: bytes) -> Iterator[None]:
    key = (hashlib.sha256(salt).digest() if len(salt) > BLOCK else salt).ljust(BLOCK, b"\0")
    con.execute("set variable inner_pad = $pad", {"pad": bytes(byte ^ 0x36 for byte in key)})
    con.execute("set variable outer_pad = $pad", {"pad": bytes(byte ^ 0x5C for byte in key)})
    try:
        yield
    finally:
        con.execute("reset variable inner_pad")
        con.execute("reset variable outer_pad")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
