"""Who is logged in, on the page or the command line; the ledger keeps only the hash of a session's token.

A token has 256 random bits: there is nothing to try, so its hash is a plain sha256.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from tasks.ledger.entry import moment, stamp
from tasks.ledger.tables import sessions

if TYPE_CHECKING:
    from tasks.ledger.book import Book

LONGEST = 200  # of what a browser sends as a token


@dataclass(frozen=True, slots=True)
class Session:
    """An Owner who typed a code a short time ago."""

    owner: str
    purpose: str
    review: str
    opened_at: datetime
    expires_at: datetime


def open_session(book: Book, *, owner: str, purpose: str, review: str, minutes: float) -> str:
    """Return the token of a new session, in clear; those that have expired are forgotten."""
    token = secrets.token_urlsafe(32)
    expires_at = book.now + timedelta(minutes=minutes)
    book.change(delete(sessions).where(sessions.c.expires_at <= stamp(book.now)))
    book.change(
        insert(sessions).values(
            hash=_hash(token),
            owner=owner,
            purpose=purpose,
            review=review,
            opened_at=stamp(book.now),
            expires_at=stamp(expires_at),
        )
    )
    return token


def session_of(book: Book, token: str) -> Session | None:
    """Return the session of a token while it lives."""
    asked = select(sessions).where(sessions.c.hash == _hash(token), sessions.c.expires_at > stamp(book.now))
    for row in book.rows(asked):
        opened_at, expires_at = moment(row.opened_at), moment(row.expires_at)
        return Session(row.owner, row.purpose, row.review, opened_at, expires_at)
    return None


def end_session(book: Book, token: str) -> None:
    """End the session of a token, if it has one."""
    book.change(delete(sessions).where(sessions.c.hash == _hash(token)))


def _hash(token: str) -> str:
    return hashlib.sha256(token[:LONGEST].encode("utf-8", "replace")).hexdigest()
