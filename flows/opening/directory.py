"""One source of the directory as it is now, with the verdict on it: by the rules, or by an Owner's word."""

from dataclasses import replace
from datetime import datetime, timedelta

import duckdb

from flows.directory_source import DirectorySource
from flows.opening.ledger import ledger_of
from flows.opening.warehouse import reading_warehouse
from flows.settings import Settings
from matching.review.directory import accepted_by_hand
from matching.roster.canonical import sha256_of
from tasks.directory.file import read_people_file
from tasks.directory.read import DirectoryRead
from tasks.directory.slipped import SLIPPED, Called, Slipped, called
from tasks.directory.verdict import LastAccepted
from tasks.warehouse import queries
from tasks.warehouse.remembered import of_directory


def read_source(
    settings: Settings, source: DirectorySource, *, now: datetime, last: LastAccepted | None
) -> DirectoryRead:
    """Return a read of a source, compared with its last accepted one; the ledger is not asked."""
    return read_people_file(
        settings.beside_config(source.path),
        source=source.source,
        columns=source.columns,
        statuses=source.statuses,
        absence=source.absence,
        max_age_h=source.max_age_h,
        now=now,
        last=last,
    )


def read_now(settings: Settings, source: DirectorySource) -> DirectoryRead:
    """Return the read of a source's file as a check would make it now; it is recorded nowhere."""
    return read_source(settings, source, now=settings.now(), last=last_of(settings, source.source))


def with_word(settings: Settings, source: DirectorySource, read: DirectoryRead) -> DirectoryRead:
    """Return a refused read as accepted, when an Owner accepted exactly this file, read in exactly this way.

    That holds for as many hours as a file may be old: by then it is the baseline, or a newer one is due.
    """
    if read.accepted or not may_be_accepted(read):
        return read
    if settings.ledger.url == "sqlite" and not (settings.home / "ledger.db").exists():
        return read  # nobody said anything yet, and looking must not make one
    with ledger_of(settings) as ledger, ledger.reading() as book:
        rows = book.entries(hub="")
    since = read.read_at - timedelta(hours=source.max_age_h)
    if not accepted_by_hand(rows, read.source, read.digest, way_of(source), since):
        return read
    return replace(read, accepted=True, reason=None)


def may_be_accepted(read: DirectoryRead) -> bool:
    """Say whether there is something to accept: a file that could be read, with people in it."""
    return bool(read.digest) and len(read.people) > 0


def way_of(source: DirectorySource) -> str:
    """Return how a source is read, as one short text: another mapping makes other people of the same file."""
    return sha256_of({"columns": source.columns, "statuses": source.statuses, "absence": source.absence})[:16]


def last_of(settings: Settings, source: str) -> LastAccepted | None:
    """Return what `last_accepted` does; None before the first check as well."""
    if not settings.warehouse_path.exists():
        return None
    with reading_warehouse(settings) as con:
        return last_accepted(con, source)


def last_accepted(con: duckdb.DuckDBPyConnection, source: str) -> LastAccepted | None:
    """Return the read that the next one of a source is compared with, None when there was none."""
    found = queries.last_accepted(con, source)
    if found is None:
        return None
    refused = queries.first_refused(con, source, SLIPPED)
    names, statuses = of_directory(con, ("called", source), lambda: _called(con, source))
    return LastAccepted(
        found.people,
        found.made_at,
        queries.seated_people(con, source),
        frozenset(found.columns),
        names,
        Slipped(*refused) if refused else None,
        statuses,
    )


def _called(con: duckdb.DuckDBPyConnection, source: str) -> tuple[dict[str, Called], dict[str, str]]:
    known = queries.called(con, source)
    return called(known), dict(zip(known["person_id"].tolist(), known["status"].tolist(), strict=True))
