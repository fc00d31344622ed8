"""What ran, runs and will run by itself, as one list from our own books."""

import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from flows.checking.job import is_checked
from flows.opening.ledger import ledger_of
from flows.opening.warehouse import reading_warehouse
from flows.settings import Settings
from flows.watch.reconciled import last_reconcile
from matching.review.approvals import RESULT, unsettled
from matching.review.standing import AT_META, CLOSED, reviews_of
from tasks.ledger.entry import Entry
from tasks.warehouse import queries

CHECK, REVIEW, APPLY, RECONCILE = "check", "review", "apply", "reconcile"
COMPLETED, FAILED, WAITING, RUNNING = "Completed", "Failed", "Waiting", "Running"
SCHEDULED, CRASHED, CANCELLED = "Scheduled", "Crashed", "Cancelled"
CALLED_OFF = ("withdrawn", "lapsed", "stale")


@dataclass(frozen=True, slots=True)
class Run:
    """One run. `hub` is empty for reconcile; `start` of one to come is when it is due; `why` is one line."""

    id: str
    kind: str
    hub: str
    start: datetime | None
    duration_s: float | None
    state: str
    why: str

    def as_json(self) -> dict[str, Any]:
        """Return it for `runs --json`."""
        start = self.start.isoformat(timespec="seconds") if self.start else None
        return asdict(self) | {"start": start}


def runs_in_books(settings: Settings, last: int) -> list[Run]:
    """Return the newest runs that warehouse and ledger tell of, newest first; nothing is asked of Prefect."""
    found = checks_in_warehouse(settings, last)
    with ledger_of(settings) as ledger, ledger.reading() as book:
        for hub in settings.hubs:
            rows = book.entries(hub=hub.label)
            found += [*_reviews(rows, hub.label, settings.zone), *_changes(rows, hub.label)]
    if ended := last_reconcile(settings.home):
        state = FAILED if ended.failed else COMPLETED
        why = f"{ended.failed} things could not be done" if ended.failed else ""
        found.append(Run("last", RECONCILE, "", ended.at, None, state, why))
    return newest_first(found)[:last]


def newest_first(runs: Sequence[Run]) -> list[Run]:
    """Return them in order; what is still to come, and what has no time, first."""
    return sorted(runs, key=lambda run: run.start.timestamp() if run.start else float("inf"), reverse=True)


def checks_in_warehouse(settings: Settings, last: int) -> list[Run]:
    """Return the newest checks, with what came of each."""
    if not settings.warehouse_path.exists():
        return []
    with reading_warehouse(settings) as con:
        rows = queries.newest_checks(con, last).to_dict("records")
    return [_check(settings, row) for row in rows]


def _check(settings: Settings, row: dict[Any, Any]) -> Run:
    begun = row["started_at"].to_pydatetime()
    if pd.isna(row["finished_at"]):
        state = RUNNING if is_checked(settings, row["hub"]) else CRASHED
        why = "" if state == RUNNING else "it ended before its report was written: the next one does it all"
        return Run(row["check_id"], CHECK, row["hub"], begun, None, state, why)
    took = row["finished_at"].to_pydatetime() - begun
    return Run(row["check_id"], CHECK, row["hub"], begun, _seconds(took), COMPLETED, outcome(row))


def outcome(row: dict[Any, Any]) -> str:
    """Return in a line what a check that came to its end found."""
    if row["complete"] and row["directory_refused"]:
        return f"complete, by an older directory, as it was refused: hubroster report {row['hub']}"
    if row["complete"]:
        return f"complete: report {row['report_id'][:12]}"
    return f"not complete, so not all is known: hubroster report {row['hub']}"


def _reviews(rows: Sequence[Entry], hub: str, zone: ZoneInfo) -> list[Run]:
    closed = {row.payload["review"]: row.at for row in rows if row.kind == CLOSED}
    found = []
    for review in reviews_of(rows, hub):
        end = closed.get(review.id)
        took = _seconds(end - review.opened_at) if end else None
        if review.state == "open":
            many = len(review.asked)
            until = review.expires_at.astimezone(zone)
            why = f"{many} question{'s' * (many != 1)} for the Owners, until {until:%Y-%m-%d}"
            found.append(Run(review.id, REVIEW, hub, review.opened_at, None, WAITING, why))
        else:
            state = CANCELLED if review.state == "cancelled" else COMPLETED
            found.append(Run(review.id, REVIEW, hub, review.opened_at, took, state, review.state))
    return found


def _changes(rows: Sequence[Entry], hub: str) -> list[Run]:
    """Return the changes that were carried out, and those that wait for their time."""
    found = []
    for one in unsettled(rows, hub):
        state = RUNNING if one.intended_at else SCHEDULED
        why = (
            "Meta was asked; what came of it is not read yet"
            if one.intended_at
            else "the Owners can still say stop"
        )
        found.append(Run(one.asked.id, APPLY, hub, one.intended_at or one.not_before, None, state, why))
    for row in rows:
        if row.kind == RESULT:
            came = str(row.payload["outcome"])
            state = COMPLETED if came in AT_META else CANCELLED if came in CALLED_OFF else FAILED
            found.append(Run(row.payload["change"], APPLY, hub, row.at, None, state, came))
    return found


def _seconds(took: timedelta) -> float:
    return round(took.total_seconds(), 1)


def has_server() -> bool:
    """Say whether the environment names a Prefect server, as it does after `settle_in` where `up` runs."""
    return bool(os.environ.get("PREFECT_API_URL"))
