"""Snapshots of what the warehouse knows, for the data teams."""

from datetime import datetime

import duckdb

from flows.checking.job import pseudonym_key
from flows.checking.standing import known_people
from flows.opening.ledger import ledger_of
from flows.settings import Settings
from tasks.warehouse.snapshot import Published, publish
from tasks.warehouse.trouble import tell_trouble

ASIDE = ".publish-"  # copies of the warehouse, of which a snapshot is being made


def publish_now(settings: Settings, con: duckdb.DuckDBPyConnection, at: datetime) -> Published:
    """Publish what the warehouse knows now, as of `at`."""
    with tell_trouble(settings.snapshot_dir, settings.warehouse.memory_limit):
        key = pseudonym_key(settings.home)
        head = _ledger_head(settings)
        people = known_people(con, settings.directory_order).by_every_id()
        return publish(con, settings.snapshot_dir, settings.workspace.name, at, key, people, head)


def _ledger_head(settings: Settings) -> str:
    with ledger_of(settings) as ledger, ledger.reading() as book:
        head = book.head()
    return f"{head.seq} {head.hash}"
