"""Wrong codes are counted at the door where they were tried: a review's or an owner's, or one of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from tasks.ledger.entry import stamp
from tasks.ledger.tables import tries

if TYPE_CHECKING:
    from tasks.ledger.book import Book

MOST = 15


def scope_of(*, review: str | None = None, owner: str | None = None) -> str | None:
    """Return the door of a review, an owner or both; None without either."""
    named = [f"{what} {id}" for what, id in (("review", review), ("owner", owner)) if id]
    return ", ".join(named) or None


def count_try(book: Book, scope: str) -> int:
    """Count one wrong try; return how many there are."""
    wrong = _wrong(book, scope) + 1
    values = {"wrong": wrong, "last_at": stamp(book.now)}
    if wrong == 1:
        book.change(insert(tries).values(scope=scope, **values))
    else:
        book.change(update(tries).where(tries.c.scope == scope).values(values))
    return wrong


def locked(book: Book, scope: str) -> bool:
    """Say whether 15 wrong codes were tried at this door."""
    return _wrong(book, scope) >= MOST


def forgive(book: Book, *, review: str, owner: str) -> None:
    """Open the doors of this review and this owner again: there is a new code, which no try has come near."""
    doors = [scope_of(review=review), scope_of(owner=owner), scope_of(review=review, owner=owner)]
    book.change(delete(tries).where(tries.c.scope.in_([door for door in doors if door])))


def _wrong(book: Book, scope: str) -> int:
    found = book.rows(select(tries.c.wrong).where(tries.c.scope == scope))
    return int(found[0].wrong) if found else 0
