"""What the warehouse remembers of a directory source: the read that the next one is compared with."""

import duckdb

from tasks.directory.slipped import SLIPPED, Slipped, called
from tasks.directory.verdict import LastAccepted
from tasks.warehouse import queries


def last_accepted(con: duckdb.DuckDBPyConnection, source: str) -> LastAccepted | None:
    """Return the last read of a source that was accepted, or None."""
    found = queries.last_accepted(con, source)
    if found is None:
        return None
    refused = queries.first_refused(con, source, SLIPPED)
    return LastAccepted(
        found.people,
        found.made_at,
        queries.seated_people(con, source),
        frozenset(found.columns),
        called(queries.called(con, source)),
        Slipped(*refused) if refused else None,
    )
