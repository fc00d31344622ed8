"""Snapshots of what the warehouse knows, for the data teams."""

import logging
from datetime import datetime

import duckdb

from flows.checking.job import CheckJob, pseudonym_key
from flows.checking.standing import Standing, known_people
from flows.opening.ledger import ledger_of
from flows.settings import Settings
from tasks.errors import HubrosterError
from tasks.warehouse.snapshot import Published, prune_snapshots, publish
from tasks.warehouse.trouble import tell_trouble

ASIDE = ".publish-"  # copies of the warehouse, of which a snapshot is being made
progress = logging.getLogger("hubroster.progress")


def publish_now(
    settings: Settings, con: duckdb.DuckDBPyConnection, at: datetime, standing: Standing | None = None
) -> Published:
    """Publish what the warehouse knows now, as of `at`; `standing` saves reading the directory once more."""
    with tell_trouble(settings.snapshot_dir, settings.warehouse.memory_limit):
        key = pseudonym_key(settings.home)
        head = _ledger_head(settings)
        known = standing and standing.known_in(con)
        people = (known or known_people(con, settings.directory_order)).by_every_id()
        return publish(con, settings.snapshot_dir, settings.workspace.name, at, key, people, head)


def publish_afterwards(job: CheckJob) -> None:
    """Publish after what a check was made for is done; say so where that fails, as nothing else has."""
    settings = job.settings
    try:
        with job.warehouse() as con:
            publish_now(settings, con, job.started_at)
    except HubrosterError as error:
        progress.warning("No snapshot was published, the next check will: %s", error)
    else:
        prune_snapshots(settings.snapshot_dir, settings.workspace.name, settings.snapshots.keep)


def _ledger_head(settings: Settings) -> str:
    with ledger_of(settings) as ledger, ledger.reading() as book:
        head = book.head()
    return f"{head.seq} {head.hash}"
