"""What is worth watching, in numbers: of each hub, of the ledger, and of what runs by itself."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd

from flows.opening.ledger import known_refs, ledger_of
from flows.opening.warehouse import glancing_at_warehouse
from flows.settings import Settings
from flows.watch.health import OK, health
from matching.review.approvals import unsettled
from matching.review.letters_due import letters_due
from matching.review.owners import gets_mail, owners_of
from matching.review.standing import CHECKED, Review, open_review, verdicts
from matching.review.told import NOT_TAKEN
from tasks.errors import HubrosterError, WarehouseError
from tasks.ledger.book import Book
from tasks.ledger.entry import Entry
from tasks.warehouse import queries

# name → what it says; of a hub, except the last ones
HUB_NUMBERS = {
    "last_check_seconds": "When the last check that came to its end began, in unix seconds",
    "last_complete_check_seconds": "When the last complete check was, in unix seconds; 0: there was none",
    "directory_refused": "Sources of people that the last check could not go by",
    "leavers_held_back": "People known to have left whom something holds in, at the last check",
    "open_questions": "Questions to the Owners that wait for an answer",
    "oldest_open_question_age_seconds": "How long the oldest of them waits",
    "approvals_waiting": "Changes that were approved and have no result yet",
    "meta_requests": "HTTP requests to Meta of the last check",
    "meta_calls": "Calls of the last check, as Meta counts them",
    "meta_waited_seconds": "How long the last check waited for Meta's limits",
    "mails_due": "Mails to Owners that should be out and are not",
    "mails_failed": "Mails that the server will not take, ever",
}
OWN_NUMBERS = {
    "ledger_entries": "Entries of the ledger",
    "server_up": "Whether Prefect's server answers",
    "flows_up": "Whether the flows ask it for work",
    "last_reconcile_seconds": "When the last reconcile ended, in unix seconds",
    "reconcile_ok": "Whether the last reconcile could do all, within the last two hours",
    "ledger_readable": "Whether the ledger could be read just now",
    "warehouse_readable": "Whether the warehouse could be read just now; 0 while a check writes into it",
    "disk_free_bytes": "Free on the disk of the home",
}


@dataclass
class Numbers:
    """What was found. `hubs`: name → hub → number; `own`: name → number. What can't be told is left out."""

    hubs: dict[str, dict[str, float]] = field(default_factory=lambda: {name: {} for name in HUB_NUMBERS})
    own: dict[str, float] = field(default_factory=dict)


def numbers(settings: Settings) -> Numbers:
    """Count it all now. No names and no addresses: the label of the hub at most."""
    found = Numbers()
    found.own["warehouse_readable"] = _tried(lambda: _from_warehouse(settings, found))
    found.own["ledger_readable"] = _tried(lambda: _from_ledger(settings, found))
    now = health(settings)
    found.own |= {
        "server_up": float(now.server == OK),
        "flows_up": float(now.flows == OK),
        "reconcile_ok": float(now.reconcile == OK),
        "disk_free_bytes": float(shutil.disk_usage(settings.home).free),
    }
    if now.reconciled_at:
        found.own["last_reconcile_seconds"] = now.reconciled_at.timestamp()
    return found


def _tried(count: Callable[[], None]) -> float:
    try:
        count()
    except HubrosterError:  # what is wrong is told by the commands, in words
        return 0.0
    return 1.0


def _from_warehouse(settings: Settings, found: Numbers) -> None:
    ours = {hub.label: 0.0 for hub in settings.hubs}
    # A number that isn't there alerts nobody, and who was never read whole is who nobody knows the state of
    if not settings.warehouse_path.exists():
        found.hubs["last_complete_check_seconds"] = ours
        return
    with glancing_at_warehouse(settings) as con:
        last, hubs = queries.last_checks(con), queries.hub_list(con)
    found.hubs["last_complete_check_seconds"] = dict(ours)
    for row in (one for one in last.to_dict("records") if one["hub"] in ours):
        hub = row["hub"]
        found.hubs["last_check_seconds"][hub] = row["started_at"].timestamp()
        found.hubs["meta_requests"][hub] = float(row["requests"])
        found.hubs["meta_calls"][hub] = float(row["calls"])
        if not pd.isna(row["waited_s"]):
            found.hubs["meta_waited_seconds"][hub] = float(row["waited_s"])
    for row in (one for one in hubs.to_dict("records") if one["hub"] in ours):
        found.hubs["directory_refused"][row["hub"]] = float(row["directory_refused"])
        if not pd.isna(row["last_complete_at"]):
            found.hubs["last_complete_check_seconds"][row["hub"]] = row["last_complete_at"].timestamp()


def _from_ledger(settings: Settings, found: Numbers) -> None:
    with ledger_of(settings) as ledger, ledger.reading() as book:
        found.own["ledger_entries"] = float(book.head().seq)
        now, rows = settings.now(), book.entries()
        by_hub: dict[str, list[Entry]] = {hub.label: [] for hub in settings.hubs}
        for row in rows:
            if row.hub in by_hub:
                by_hub[row.hub].append(row)
        for label, mine in by_hub.items():
            _of_hub(found, label, mine, now)
        if found.own["warehouse_readable"]:  # else nobody knows who is there to get a mail
            _mails_due(settings, book, found, by_hub, now)


def _of_hub(found: Numbers, label: str, rows: Sequence[Entry], now: datetime) -> None:
    checks = [row for row in rows if row.kind == CHECKED]
    if checks:
        found.hubs["leavers_held_back"][label] = float(checks[-1].payload["held_back"])
    review = _open(rows, label, now)
    waiting = _unanswered(rows, review) if review else []
    ages = [(now - since).total_seconds() for since in waiting]
    found.hubs["open_questions"][label] = float(len(waiting))
    found.hubs["oldest_open_question_age_seconds"][label] = max(ages, default=0.0)
    found.hubs["approvals_waiting"][label] = float(len(unsettled(rows, label)))
    found.hubs["mails_failed"][label] = float(sum(row.kind == NOT_TAKEN for row in rows))


def _open(rows: Sequence[Entry], label: str, now: datetime) -> Review | None:
    review = open_review(rows, label)
    return review if review and now < review.expires_at else None


def _unanswered(rows: Sequence[Entry], review: Review) -> list[datetime]:
    """Return since when each unanswered question waits. Every answer given counts, whoever gave it."""
    states = verdicts(rows, review, lambda _who, _asked: True)
    return [review.since[change] for change, one in states.items() if one.state in ("open", "partly")]


def _mails_due(
    settings: Settings, book: Book, found: Numbers, by_hub: dict[str, list[Entry]], now: datetime
) -> None:
    owners = {label: list(owners_of(rows, label, now)) for label, rows in by_hub.items()}
    refs = {who for some in owners.values() for who in some}
    try:
        known = known_refs(settings, book, refs, glancing_at_warehouse)
    except WarehouseError:  # a check took it since: its numbers are those of a moment ago
        found.own["warehouse_readable"] = 0.0
        return
    active = {who for who, person in known.items() if gets_mail(person)}
    for label, rows in by_hub.items():
        review = _open(rows, label, now)
        states = verdicts(rows, review, lambda _who, _asked: True) if review else {}
        due = letters_due(rows, label, [who for who in owners[label] if who in active], states, now)
        found.hubs["mails_due"][label] = float(len(due))
