"""One read of a directory source, and what the warehouse remembers of the last one that was accepted."""

from datetime import datetime

import duckdb

from flows.check_standing import source_name
from flows.settings import DirectorySource, Settings
from tasks.directory.file import read_people_file
from tasks.directory.read import DirectoryRead
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


def read_source(
    settings: Settings, source: DirectorySource, *, now: datetime, last: LastAccepted | None
) -> DirectoryRead:
    """Return a read of a source, compared with its last accepted one; a check and preflight read alike."""
    return read_people_file(
        settings.beside_config(source.path),
        source=source_name(source),
        columns=source.columns,
        absence=source.absence,
        max_age_h=source.max_age_h,
        now=now,
        last=last,
    )
