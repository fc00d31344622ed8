"""People from Parquet."""

from collections.abc import Mapping
from pathlib import Path

import duckdb

from tasks.directory.columns import LISTS, choose_columns
from tasks.directory.people import Values
from tasks.errors import DirectoryError


def parquet_values(path: Path, columns: Mapping[str, str]) -> Values:
    """Return the written values of our columns, one per row, in the file's order; all but lists as text.

    Raises DirectoryError when it is no whole Parquet file.
    """
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'")
        try:
            raw = con.read_parquet(str(path))
            chosen = choose_columns(raw.columns, columns)
            kinds = dict(zip(raw.columns, map(str, raw.types), strict=True))
            wanted = [_sql(ours, theirs, kinds[theirs]) for ours, theirs in chosen.items()]
            rows = raw.project(", ".join(wanted)).fetchall()
        except (duckdb.Error, UnicodeDecodeError):  # what DuckDB says may hold values of the file
            raise DirectoryError(
                "is not a readable parquet: it is cut, damaged, or something else by its content"
            ) from None
    written = list(zip(*rows, strict=True)) if rows else [()] * len(chosen)
    return dict(zip(chosen, written, strict=True))


def _sql(ours: str, theirs: str, kind: str) -> str:
    """Return SQL for one column; names are quoted identifiers, never values."""
    quoted = '"' + theirs.replace('"', '""') + '"'
    is_list = ours in LISTS and kind.endswith("[]")
    return f"cast({quoted} as {'varchar[]' if is_list else 'varchar'})"
