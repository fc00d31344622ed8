"""What only one process may do at a time, over all machines: a lease ends by itself when its holder dies."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from tasks.ledger.entry import stamp
from tasks.ledger.tables import leases

if TYPE_CHECKING:
    from tasks.ledger.book import Book


def take(book: Book, name: str, holder: str, seconds: float) -> bool:
    """Take a lease that is free, has expired, or is this holder's own; say whether it was taken.

    `holder` is unique to the process: one who takes it twice has it twice as long, not twice.
    """
    until = stamp(book.now + timedelta(seconds=seconds))
    found = book.rows(select(leases).where(leases.c.name == name))
    if not found:
        book.change(insert(leases).values(name=name, holder=holder, expires_at=until))
        return True
    if found[0].holder != holder and found[0].expires_at > stamp(book.now):
        return False
    book.change(update(leases).where(leases.c.name == name).values(holder=holder, expires_at=until))
    return True


def renew(book: Book, name: str, holder: str, seconds: float) -> bool:
    """Hold a lease for longer; False when it has expired or is another's, and the holder has to stop."""
    until = stamp(book.now + timedelta(seconds=seconds))
    mine = (leases.c.name == name, leases.c.holder == holder, leases.c.expires_at > stamp(book.now))
    return book.change(update(leases).where(*mine).values(expires_at=until)) > 0


def lasts(book: Book, name: str, holder: str, seconds: float) -> bool:
    """Say whether a lease is this holder's, and for so long still; it writes nothing."""
    then = stamp(book.now + timedelta(seconds=seconds))
    mine = (leases.c.name == name, leases.c.holder == holder, leases.c.expires_at > then)
    return bool(book.rows(select(leases.c.name).where(*mine)))


def give_back(book: Book, name: str, holder: str) -> bool:
    """Give a lease back; False when it was another's already."""
    return book.change(delete(leases).where(leases.c.name == name, leases.c.holder == holder)) > 0
