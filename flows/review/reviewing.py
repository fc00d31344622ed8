"""From a report to the question: a check opens a hub's review, keeps it, or puts another in its place."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flows.opening.ledger import known_refs, ledger_of, people_by_address, people_by_id, person_ref
from flows.review.brought_back import begin_anew
from flows.review.closing import BY_CHECK, cancel, close, lost_review
from flows.review.closing import PROGRAM as PROGRAM
from flows.review.owner_roles import drop_passed_on
from flows.sections import Hub
from flows.settings import Settings
from matching.review.asked import Asked, asked_of
from matching.review.decisions import decided
from matching.review.owners import NAMED, Known, distinct, owners_of
from matching.review.requests import open_requests
from matching.review.standing import (
    CHECKED,
    CLOSED,
    OPENED,
    Course,
    Review,
    course,
    expired,
    open_review,
    reviews_of,
)
from matching.roster.decided import Decided
from tasks.errors import InputError
from tasks.ledger.book import Book
from tasks.ledger.entry import Entry

progress = logging.getLogger("hubroster.progress")


@dataclass(frozen=True, slots=True)
class Asking:
    """What a check did about the review: kept, opened, closed or none; and which review is open now."""

    what: str
    review: str | None
    questions: int


def decisions_of(settings: Settings, label: str) -> Decided:
    """Return what Owners decided about a hub so far."""
    with ledger_of(settings) as ledger, ledger.reading() as book:
        rows = book.entries(hub=label)
        persons = {row.payload["person"] for row in rows if "person" in row.payload}
        ids = {ref: facts.get("id") for ref, facts in book.named(sorted(persons)).items()}
    return decided(rows, label, ids.get)


def ask(settings: Settings, label: str, report: dict[str, Any], report_id: str) -> Asking:
    """Bring the hub's review in line with a report, in one transaction of the ledger."""
    hub = settings.hub(label)
    owners = people_by_address(settings, hub.owners)
    persons = people_by_id(settings, _persons(report["proposals"]))
    with ledger_of(settings) as ledger:
        begin_anew(settings, ledger)
        with ledger.writing() as book:
            _name_first_owners(book, hub, owners)
            drop_passed_on(settings, book, label)
            book.append(
                CHECKED, hub=label, actor=PROGRAM, identified_by=BY_CHECK, payload=_checked(report, report_id)
            )
            asked = [
                asked_of(
                    proposal,
                    settings.policy.two_approvers_for,
                    lambda person: person_ref(book, persons.get(person) or Known(person, "", "")),
                )
                for proposal in report["proposals"]
            ]
            done = _settle(book, settings, label, report, report_id, asked)
            if asked:
                _tell_who_is_missing(settings, book, label, two=any(one.needs > 1 for one in asked))
            return done


def _tell_who_is_missing(settings: Settings, book: Book, label: str, *, two: bool) -> None:
    """Say where nobody, or too few, can answer: a question that nobody can answer is not all well."""
    owners = owners_of(book.entries(hub=label), label, book.now)
    known = known_refs(settings, book, owners)
    fit = [
        who
        for who in distinct(owners, known)
        if who in known and known[who].kind == "employee" and known[who].status == "active"
    ]
    if not fit:
        progress.warning(
            "Nobody can answer for %s: none of its Owners is an active employee of the directory; "
            "name the first ones with `owners` in its settings, later ones with `hubroster owner-add`",
            label,
        )
    elif two and len(fit) < 2:
        progress.warning(
            "%s needs a second Owner: something asked takes the yes of two (hubroster owner-add %s ADDRESS)",
            label,
            label,
        )


def _settle(
    book: Book, settings: Settings, label: str, report: dict[str, Any], report_id: str, asked: Sequence[Asked]
) -> Asking:
    rows = book.entries(hub=label)
    current = _current(settings, book, rows, label)
    asked = [*asked, *(one.asked for one in open_requests(rows, label, book.now))]
    todo = course(current, [one.id for one in asked], complete=bool(report["check"]["complete"]))
    if todo.what in ("keep", "none"):
        return Asking(todo.what, current.id if current else None, len(current.asked) if current else 0)
    if current:
        close(book, current, "superseded" if todo.what == "open" else "answered")
    if todo.what == "close":
        return Asking("close", None, 0)
    return _open(book, settings, label, (report_id, report["digest"]), asked, current, todo)


def ask_requests(settings: Settings, book: Book, label: str) -> Asking:
    """Bring the open review in line with what Owners ask for, at once, on the last check's report.

    Raises InputError before the first check.
    """
    rows = book.entries(hub=label)
    current = _current(settings, book, rows, label)
    checks = [row for row in rows if row.kind == CHECKED]
    if not checks:
        raise InputError(f"{label} was never checked, and nothing was asked: hubroster check {label}")
    grounds = (checks[-1].payload["report"], checks[-1].payload["digest"])
    if current:
        grounds = (current.report, current.digest)
    kept = [one for one in current.asked.values() if one.wanted is None] if current else []
    asked = [*kept, *(one.asked for one in open_requests(rows, label, book.now))]
    todo = course(current, [one.id for one in asked], complete=True)
    if todo.what in ("keep", "none"):
        return Asking(todo.what, current.id if current else None, len(asked))
    if current:
        close(book, current, "superseded" if todo.what == "open" else "answered")
    if todo.what == "close":
        return Asking("close", None, 0)
    return _open(book, settings, label, grounds, asked, current, todo)


def _current(settings: Settings, book: Book, rows: Sequence[Entry], label: str) -> Review | None:
    current = open_review(rows, label)
    if lost := lost_review(settings, book, label):
        cancel(book, lost)
        return None
    if current and expired(current, book.now):
        close(book, current, "expired")
        return None
    return current


def _open(
    book: Book,
    settings: Settings,
    label: str,
    grounds: tuple[str, str],
    asked: Sequence[Asked],
    current: Review | None,
    todo: Course,
) -> Asking:
    """Open the next review on the grounds of a report: its id, and its digest."""
    review = f"{label}-{len(reviews_of(book.entries(hub=label, kinds={OPENED, CLOSED}), label)) + 1}"
    book.append(
        OPENED,
        hub=label,
        actor=PROGRAM,
        identified_by=BY_CHECK,
        payload={
            "review": review,
            "report": grounds[0],
            "digest": grounds[1],
            "expires_at": (book.now + timedelta(days=settings.policy.review_days)).isoformat(),
            "supersedes": current.id if current else None,
            "new": list(todo.new),
            "gone": list(todo.gone),
            "asked": [one.as_payload() for one in asked],
        },
    )
    progress.info("Review %s: %d to answer", review, len(asked))
    return Asking("open", review, len(asked))


def _checked(report: dict[str, Any], report_id: str) -> dict[str, Any]:
    return {
        "report": report_id,
        "digest": report["digest"],
        "complete": bool(report["check"]["complete"]),
        "held_back": len(report["held_back"]),
    }


def _name_first_owners(book: Book, hub: Hub, found: dict[str, list[Known]]) -> None:
    """Name the Owners of the settings while the ledger has none: an address that leads to one person."""
    if book.entries(hub=hub.label, kinds={NAMED}):
        return
    for address in hub.owners:
        people = found.get(address.strip().lower(), [])
        if len(people) != 1:
            progress.info(
                "An Owner of %s in the settings leads to %d people: not named", hub.label, len(people)
            )
            continue
        book.append(
            NAMED,
            hub=hub.label,
            actor=PROGRAM,
            identified_by="settings",
            payload={"person": person_ref(book, people[0]), "counts_from": book.now.isoformat()},
        )


def _persons(proposals: Sequence[dict[str, Any]]) -> list[str]:
    found = {proposal["person"]["person_id"] for proposal in proposals if "person" in proposal}
    found |= {
        option["person"]["person_id"] for proposal in proposals for option in proposal.get("candidates", ())
    }
    return sorted(map(str, found))
