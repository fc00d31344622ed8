"""The outbox: which mails are to be sent, and which were. What a mail says of people stands in it as refs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from tasks.ledger.entry import moment, payload_of, payload_text, stamp
from tasks.ledger.tables import outbox

if TYPE_CHECKING:
    from tasks.ledger.book import Book

REASON = 500  # characters of why a mail could not be sent


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that is to be sent; `failures` is how often that was tried in vain, `reason` the last one's."""

    mail_key: str
    owner: str
    hub: str
    payload: dict[str, Any]
    not_before: datetime
    failures: int
    reason: str | None


def put(
    book: Book, mail_key: str, owner: str, hub: str, payload: Mapping[str, Any], not_before: datetime
) -> bool:
    """Have a mail sent, once per key; False when there is one of this key already, sent or not.

    Raises ValueError for a payload that holds an address or can't be said in JSON.
    """
    if book.rows(select(outbox.c.mail_key).where(outbox.c.mail_key == mail_key)):
        return False
    row = {
        "mail_key": mail_key,
        "owner": owner,
        "hub": hub,
        "payload": payload_text(payload),
        "put_at": stamp(book.now),
        "not_before": stamp(not_before),
        "failures": 0,
    }
    book.change(insert(outbox).values(row))
    return True


def due(book: Book, now: datetime) -> list[Mail]:
    """Return the mails to send at a time, the longest due first."""
    asked = (
        select(outbox)
        .where(outbox.c.sent_at.is_(None), outbox.c.not_before <= stamp(now))
        .order_by(outbox.c.not_before, outbox.c.mail_key)
    )
    return [
        Mail(
            row.mail_key,
            row.owner,
            row.hub,
            payload_of(row.payload),
            moment(row.not_before),
            row.failures,
            row.reason,
        )
        for row in book.rows(asked)
    ]


def sent(book: Book, mail_key: str, at: datetime) -> None:
    """Record that a mail was sent: it is not due any more."""
    book.change(update(outbox).where(outbox.c.mail_key == mail_key).values(sent_at=stamp(at)))


def failed(book: Book, mail_key: str, reason: str) -> None:
    """Record that a mail could not be sent, and why; it stays due."""
    again = {"failures": outbox.c.failures + 1, "reason": reason[:REASON]}
    book.change(update(outbox).where(outbox.c.mail_key == mail_key).values(again))
