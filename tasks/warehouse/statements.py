"""The SQL of the warehouse: one file per statement below sql/, values only as $named parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

SQL = files("tasks.warehouse") / "sql"
PARAMETER = re.compile(r"\$([a-z_]+)")


@cache
def statement(name: str) -> str:
    """Return the statement in `sql/<name>.sql`, without its comments."""
    lines = (SQL / f"{name}.sql").read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("--"))


def execute(
    con: duckdb.DuckDBPyConnection, sql: str, values: Mapping[str, object]
) -> duckdb.DuckDBPyConnection:
    """Run SQL text with those of `values` that it names, as DuckDB refuses a value that is not named."""
    named = {name: values[name] for name in PARAMETER.findall(sql)}
    return con.execute(sql, named) if named else con.execute(sql)


def run(con: duckdb.DuckDBPyConnection, name: str, **values: object) -> duckdb.DuckDBPyConnection:
    """Run the statement in `sql/<name>.sql`."""
    return execute(con, statement(name), values)
