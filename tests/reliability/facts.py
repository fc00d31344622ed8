"""What a warehouse holds, for comparing two of them: the open rows of each history, and the closed ones."""

from pathlib import Path
from typing import Any

import duckdb

Facts = dict[str, list[tuple[Any, ...]]]


def open_facts(warehouse: Path) -> Facts:
    """Return the open rows of every history table, without their times: what holds now."""
    return _rows(warehouse, "exclude (valid_from, valid_to)", "valid_to is null")


def closed_facts(warehouse: Path) -> Facts:
    """Return the closed rows of every history table: what once held, and from when to when."""
    return _rows(warehouse, "", "valid_to is not null")


def _rows(warehouse: Path, but: str, where: str) -> Facts:
    with duckdb.connect(str(warehouse), read_only=True) as con:
        con.execute("set TimeZone = 'UTC'")
        tables = con.execute(
            "select table_name from duckdb_columns() where column_name = 'valid_to' order by all"
        ).fetchall()
        return {
            table: con.execute(f"select * {but} from {table} where {where} order by all").fetchall()
            for (table,) in tables
        }
