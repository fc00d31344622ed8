"""People from Parquet."""

from pathlib import Path

import duckdb

from tasks.directory.columns import Layout, Mapped, choose_columns
from tasks.directory.people import Values
from tasks.directory.read import LISTS
from tasks.errors import DirectoryError


def parquet_values(path: Path, mapped: Mapped) -> tuple[Values, Layout]:
    """Return the written values of our columns, one per row, in the file's order, and how it is laid out.

    All but lists are text.

    Raises DirectoryError when it is no whole Parquet file.
    """
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'")
        try:
            raw = con.read_parquet(str(path))
            layout = choose_columns(raw.columns, mapped)
            kinds = dict(zip(raw.columns, map(str, raw.types), strict=True))
            lists = {{**layout.chosen, **layout.mapped}.get(ours) for ours in LISTS}
            wanted = [_sql(theirs, kinds[theirs], theirs in lists) for theirs in layout.wanted()]
            rows = raw.project(", ".join(wanted)).fetchall()
        except (duckdb.Error, UnicodeDecodeError):  # what DuckDB says may hold values of the file
            raise DirectoryError(
                "is not a readable parquet: it is cut, damaged, or something else by its content"
            ) from None
    written = list(zip(*rows, strict=True)) if rows else [()] * len(wanted)
    return layout.values(dict(zip(layout.wanted(), written, strict=True))), layout


def _sql(theirs: str, kind: str, holds_list: bool) -> str:
    """Return SQL for one column; names are quoted identifiers, never values."""
    quoted = '"' + theirs.replace('"', '""') + '"'
    is_list = holds_list and kind.endswith("[]")
    return f"cast({quoted} as {'varchar[]' if is_list else 'varchar'})"
