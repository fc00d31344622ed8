"""History as intervals: one open row per key says what is so now, and a row ends where another begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tasks.warehouse.statements import execute, run, statement

if TYPE_CHECKING:
    from datetime import datetime

    import duckdb


@dataclass(frozen=True, slots=True)
class Intervals:
    """A table of intervals: its key, and the condition for the rows that one merge speaks for."""

    table: str
    keys: tuple[str, ...]
    scope: str = "hub = $hub"


MEMBERS = Intervals("members", ("hub", "kind", "member_id"))
ASSETS = Intervals("assets", ("kind", "asset_id"), scope="true")
HUB_ASSETS = Intervals("hub_assets", ("hub", "kind", "asset_id"))
PARTNERS = Intervals("partners", ("hub", "relation", "business_id"))
GRANTS = Intervals("grants", ("hub", "member_kind", "member_id", "asset_kind", "asset_id"))
PEOPLE = Intervals("people", ("source", "person_id"), scope="source = $source")
STAYS = Intervals("stays", ("hub", "kind", "member_id"))
LINKS = Intervals("links", ("hub", "stay_id"))
CANDIDATES = Intervals("candidates", ("hub", "stay_id", "rank"))


def merge(con: duckdb.DuckDBPyConnection, into: Intervals, at: datetime, values: Mapping[str, object]) -> int:
    """Make the open rows of a table say what `sql/now/<table>.sql` says; return the rows ended and begun.

    Rows that already say it are not touched. `values` are the parameters of that statement and of the scope.
    """
    now = execute(con, f"create or replace temp table now_rows as {statement(f'now/{into.table}')}", values)
    now.fetchall()
    columns = [name for name, *_ in con.execute("describe now_rows").fetchall()]
    names = {
        "table": into.table,
        "scope": into.scope,
        "keys": ", ".join(into.keys),
        "columns": ", ".join(columns),
        "same_key": " and ".join(f"{into.table}.{key} = moved.{key}" for key in into.keys),
    }
    (new,) = execute(con, statement("merge/delta").format(**names), values).fetchone() or (0,)
    written = 0
    for step in ("close", "open") if new else ("close",):
        (count,) = execute(
            con, statement(f"merge/{step}").format(**names), {**values, "at": at}
        ).fetchone() or (0,)
        written += int(count)
    return written


def drop_temporary(con: duckdb.DuckDBPyConnection) -> None:
    """Drop what merges and staging leave in memory."""
    for (name,) in con.execute(
        "select table_name from duckdb_tables() where temporary and database_name = 'temp'"
    ).fetchall():
        con.execute(f'drop table temp."{name}"')


def effective_time(con: duckdb.DuckDBPyConnection, check_id: str, started_at: datetime) -> datetime:
    """Return the time at which a check's intervals begin and end: later than that of every other check."""
    (at,) = run(con, "record/at", check_id=check_id, started_at=started_at).fetchone() or (started_at,)
    return at if at is not None else started_at
