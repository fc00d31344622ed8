"""Frames into DuckDB and out of it, with types that don't depend on what happens to be in the first rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import duckdb
import pandas as pd

from tasks.warehouse.statements import run, statement


@contextmanager
def shown_as(
    con: duckdb.DuckDBPyConnection,
    name: str,
    frame: pd.DataFrame,
    *,
    text: Sequence[str],
    numbers: Sequence[str] = (),
    lists: Sequence[str] = (),
) -> Iterator[None]:
    """Show a frame to SQL as the table `name` with exactly these columns; missing ones and NaN are null."""
    shown = frame.reindex(columns=[*text, *numbers, *lists])
    for column in text:
        shown[column] = shown[column].astype("string")
    for column in numbers:
        shown[column] = pd.to_numeric(shown[column]).astype("float64")
    for column in lists:
        # DuckDB guesses an object column from samples, and 0 lists among them would make it a number
        shown[column] = shown[column].map(_joined).astype("string")
    con.register("shown_frame", shown)
    split = [f"if({column} = '', [], string_split({column}, chr(31))) as {column}" for column in lists]
    columns = ", ".join([*text, *numbers, *split])
    try:
        con.execute(statement("stage/frame").format(name=name, columns=columns))
    finally:
        con.unregister("shown_frame")
    try:
        yield
    except BaseException:
        # After an error its transaction takes nothing more, and that error is the one to be told
        with suppress(duckdb.Error):
            _drop(con, name)
        raise
    _drop(con, name)


def _drop(con: duckdb.DuckDBPyConnection, name: str) -> None:
    con.execute(f"drop table if exists temp.{name}")


def _joined(value: object) -> str | None:
    # unit separators stand in no name or address
    if isinstance(value, str) or not isinstance(value, Collection):
        return None
    return "\x1f".join(map(str, value))


def frame(con: duckdb.DuckDBPyConnection, name: str, **values: Any) -> pd.DataFrame:
    """Return the rows of `sql/<name>.sql`: text with NaN for null, lists with None for it, times in UTC."""
    answer = run(con, name, **values)
    lists = [column for column, kind, *_ in answer.description or () if str(kind).endswith("[]")]
    found = answer.df()
    for column in lists:
        cells = [None if cell is None or cell is pd.NA else list(cell) for cell in found[column]]
        found[column] = pd.Series(cells, index=found.index, dtype="object")
    return found
