"""What is asked about the directory itself: its sources, its reads, and what it said of people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tasks.warehouse.frames import frame

if TYPE_CHECKING:
    import duckdb
    import pandas as pd


def refused_reads(con: duckdb.DuckDBPyConnection, source: str) -> pd.DataFrame:
    """Return why reads of a source were refused since the last accepted one; one row per reason."""
    return frame(con, "refused_reads", source=source)


def source_people(con: duckdb.DuckDBPyConnection, source: str) -> pd.DataFrame:
    """Return how many people of a source have which status now; one row per (kind, status)."""
    return frame(con, "source_people", source=source)


def person_history(con: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> pd.DataFrame:
    """Return what each source said of some people; one row per (source, person_id, valid_from)."""
    return frame(con, "person_history", ids=list(ids))


def seats_of(con: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> pd.DataFrame:
    """Return the seats that some people hold now; one row per (hub, kind, member_id)."""
    return frame(con, "seats_of", ids=list(ids))
