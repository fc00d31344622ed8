"""Snapshots of what the warehouse knows, for the data teams."""

import logging
import tempfile
from datetime import datetime
from pathlib import Path

import duckdb

from flows.checking.job import pseudonym_key
from flows.checking.standing import Standing, known_people
from flows.opening.ledger import ledger_of
from flows.preflight.own import ledger_url
from flows.settings import Settings
from tasks.errors import HubrosterError, WarehouseError
from tasks.home_files import sweep
from tasks.ledger.look import look_at_ledger
from tasks.warehouse.connect import warehouse
from tasks.warehouse.copy import copy_warehouse
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


def publish_aside(settings: Settings, at: datetime) -> Published:
    """Publish one snapshot of the workspace, as of `at`.

    From a copy: no check waits for the building of it, only for the copying.
    """
    sweep(settings.home, f"{ASIDE}*")
    limits = settings.warehouse
    try:
        with (
            tell_trouble(settings.home, limits.memory_limit),
            tempfile.TemporaryDirectory(prefix=ASIDE, dir=settings.home) as aside,  # 0700
        ):
            copy = Path(aside) / settings.warehouse_path.name
            copy_warehouse(
                settings.warehouse_path,
                copy,
                lock_wait_s=limits.lock_wait_s,
                memory_limit=limits.memory_limit,
            )
            with warehouse(copy, lock_wait_s=limits.lock_wait_s, memory_limit=limits.memory_limit) as con:
                published = publish_now(settings, con, at)
    except OSError as error:
        raise WarehouseError(
            f"no snapshot could be made in {settings.home}: {error.strerror or error}; the checks are done"
        ) from error
    prune_snapshots(settings.snapshot_dir, settings.workspace.name, settings.snapshots.keep)
    return published


def publish_afterwards(settings: Settings, at: datetime) -> None:
    """Publish after what a check was made for is done; say so where that fails, as nothing else has."""
    try:
        publish_aside(settings, at)
    except HubrosterError as error:
        progress.warning("No snapshot was published, the next check will: %s", error)


def _ledger_head(settings: Settings) -> str:
    """Return where the ledger ends, `seq hash`; nothing where none was begun: none is made for this."""
    if not look_at_ledger(ledger_url(settings), settings.home)[1]:
        return ""
    with ledger_of(settings) as ledger, ledger.reading() as book:
        head = book.head()
    return f"{head.seq} {head.hash}"
