"""What matching has worked out about the members of a hub, kept from one check to the next."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING

from matching.people.asked_before import Weighed
from tasks.warehouse.statements import run

if TYPE_CHECKING:
    import duckdb

UNDER_IT = ("anyascii", "duckdb", "numpy", "rapidfuzz")


def weighed_before(con: duckdb.DuckDBPyConnection, hub: str) -> Weighed:
    """Return what the last check of a hub worked out, or nothing if another program made it."""
    rows = run(con, "weighed", hub=hub, made_by=made_by()).df()
    if rows.empty:
        return Weighed()
    return Weighed(str(rows["ground"].iloc[0]), rows.drop(columns="ground"))


def keep_weighed(con: duckdb.DuckDBPyConnection, hub: str, weighed: Weighed) -> int:
    """Keep what a check worked out, and nothing else; return the rows written. The caller commits."""
    known = {"hub": hub, "made_by": made_by(), "ground": weighed.ground}
    con.register("raw_weighed", weighed.rows)
    try:
        run(con, "weigh/forget", **known)
        (kept,) = run(con, "weigh/keep", **known).fetchone() or (0,)
        return int(kept)
    finally:
        con.unregister("raw_weighed")


@cache
def made_by() -> str:
    """Return a digest of whatever the bits come from besides the data: our own sources, and the libraries."""
    told = sha256(" ".join(f"{name} {version(name)}" for name in UNDER_IT).encode())
    for file in sorted(files("matching.people").iterdir(), key=lambda one: one.name):
        if file.name.endswith(".py"):
            told.update(f"\n{file.name}\n".encode())
            told.update(file.read_bytes())
    return told.hexdigest()
