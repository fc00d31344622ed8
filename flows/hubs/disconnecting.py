"""Disconnecting a hub: nobody is removed at Meta; what is open here ends, each with a row in the ledger."""

import asyncio
import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import Any

from flows.checking.job import alone
from flows.hubs.erasing import Erased, anything_read
from flows.hubs.erasing import erase as erase_read
from flows.hubs.history import DISCONNECTED as DISCONNECTED
from flows.hubs.kept_secrets import kept_for, let_go
from flows.mails.notify import notify
from flows.opening.ledger import ledger_of
from flows.owners.acting import reason_of
from flows.owners.seat_of import ActionRefused
from flows.preflight.own import ledger_url
from flows.review.closing import close
from flows.review.result_row import result
from flows.review.reviewing import PROGRAM
from flows.sections import Hub
from flows.settings import Settings
from flows.settings_files import hubs_beside
from matching.review.approvals import RESULT, unsettled
from matching.review.requests import REQUEST_ENDED, SEAT_SEEN, open_requests, promises
from matching.review.standing import open_review
from tasks.errors import InputError
from tasks.ledger.book import Book
from tasks.ledger.entry import Entry
from tasks.ledger.leases import give_back, take
from tasks.ledger.look import look_at_ledger

ERASED = "hub_erased"  # written before: that somebody wanted it, and why
BY_COMMAND = "command line"
GONE = "the hub was disconnected"
SAID = (
    "This hub was disconnected from hubroster. Nobody was removed at Meta; what was asked for, or approved "
    "and not done yet, will not be done."
)


@dataclass(frozen=True, slots=True)
class Ended:
    """What ended: the review that was open, change ids that were approved, or only asked for."""

    reviews: list[str] = field(default_factory=list)
    approved: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.reviews or self.approved or self.asked)


@dataclass(frozen=True, slots=True)
class Disconnected:
    """What came of it: the file and secrets that were erased, what ended, and mails that did not go out.

    `read`: what was erased of all that was read of the hub; None where it was not asked for.
    """

    label: str
    erased: list[Path]
    ended: Ended
    unsent: list[str]
    read: Erased | None = None


def disconnect(settings: Settings, label: str, reason: str, *, erase: bool = False) -> Disconnected:
    """End what is open for a hub, tell its Owners, and erase its file in hubs.d/ and the secrets kept for it.

    The history, the ledger, reports and snapshots stay; with `erase` only the ledger does. A hub that isn't
    configured any more ends as well, and what is left of it is erased. Raises ActionRefused, and InputError
    for a hub in a person's own file.
    """
    why = reason_of(reason)
    hub = next((one for one in settings.hubs if one.label == label), None)
    file = next((file for file, table in hubs_beside(settings.config_path) if table["label"] == label), None)
    if hub is not None and file is None:
        raise InputError(
            f"{label} stands in {settings.config_path}, which is yours to edit: delete its [[hubs]] table "
            f"there, then say this again to end what is open"
        )
    if hub is None and not _is_known(settings, label) and not (erase and anything_read(settings, label)):
        raise InputError(f"there is no hub {label!r}, and nothing of it is open")
    return asyncio.run(_disconnect(settings, label, why, hub, file, erase=erase))


async def _disconnect(
    settings: Settings, label: str, why: str, hub: Hub | None, file: Path | None, *, erase: bool
) -> Disconnected:
    async with alone(settings, label):  # a check that runs would open the next review
        try:
            ended = _end(settings, label, why, hub, erase=erase)
            unsent = notify(settings, label)[1] if ended is not None else []
            gone = _forget(settings, hub, file)
            read = erase_read(settings, label) if erase else None
        finally:
            if hub is None or (file is not None and not file.exists()):
                _lock(settings, label).unlink(missing_ok=True)
    return Disconnected(label, gone, ended or Ended(), unsent, read)


def _forget(settings: Settings, hub: Hub | None, file: Path | None) -> list[Path]:
    """Erase a hub's file in hubs.d/ and the secrets kept for it, and return them."""
    if hub is None or file is None:
        return []
    secrets = kept_for(settings, hub)
    file.unlink()
    let_go(settings.home, secrets)
    return [file, *secrets]


def _lock(settings: Settings, label: str) -> Path:
    return settings.home / f".{label}.lock"


def _end(settings: Settings, label: str, why: str, hub: Hub | None, *, erase: bool) -> Ended | None:
    """End what is open in the ledger; None where it has nothing of this hub."""
    if not _is_known(settings, label):
        return None
    holder = f"{socket.gethostname()}:{os.getpid()}:{token_hex(4)}"
    with ledger_of(settings) as ledger, ledger.writing() as book:
        rows = book.entries(hub=label)
        if not take(book, f"apply:{label}", holder, 60):
            raise ActionRefused(f"changes of {label} are being carried out: try again when that is done")
        ended = _end_all(book, label, rows)
        if hub is None and not ended and not erase:
            raise InputError(f"there is no hub {label!r}, and nothing of it is open")
        if hub is not None or ended:
            payload = {
                "business": hub.business_id if hub else None,
                "said": book.text(SAID),
                "reason": book.text(why),
            }
            _write(book, label, DISCONNECTED, payload)
        if erase:
            _write(book, label, ERASED, {"reason": book.text(why)})
        give_back(book, f"apply:{label}", holder)
    return ended


def _is_known(settings: Settings, label: str) -> bool:
    if not look_at_ledger(ledger_url(settings), settings.home)[1]:
        return False
    with ledger_of(settings) as ledger, ledger.reading() as book:
        return bool(book.entries(hub=label))


def _end_all(book: Book, label: str, rows: Sequence[Entry]) -> Ended:
    waiting = unsettled(rows, label)
    if begun := [one for one in waiting if one.intended_at]:
        raise ActionRefused(
            f"{len(begun)} changes were begun at Meta, and what became of them isn't known: settle that "
            f"first (hubroster apply {label})"
        )
    review = open_review(rows, label)
    approved = [one.asked.id for one in waiting]
    asked = [one.asked.id for one in open_requests(rows, label, book.now) if one.asked.id not in approved]
    for one in waiting:
        _write(book, label, RESULT, result(one, "withdrawn", GONE))
    for change in asked:
        over = {"change": change, "review": review.id if review else "", "state": "disconnected"}
        _write(book, label, REQUEST_ENDED, over)
    for promise in promises(rows, label):
        seen = {"approval": promise.approval, "state": "disconnected", "member_id": ""}
        _write(book, label, SEAT_SEEN, seen)
        approved.append(promise.asked.id)
    if review is not None:
        close(book, review, "cancelled")
    return Ended([review.id] if review else [], approved, asked)


def _write(book: Book, label: str, kind: str, payload: Mapping[str, Any]) -> None:
    book.append(kind, hub=label, actor=PROGRAM, identified_by=BY_COMMAND, payload=payload)
