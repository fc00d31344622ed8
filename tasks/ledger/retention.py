"""What stands beside the chain is kept as long as somebody may ask about it, and then forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete

from tasks.ledger.entry import stamp
from tasks.ledger.tables import codes, leases, sessions, tries

if TYPE_CHECKING:
    from tasks.ledger.book import Book

DAYS = 400


def forget_old(book: Book, days: int = DAYS) -> int:
    """Forget codes, sessions, tries and leases that ended so long ago; return how many rows went.

    The chain and the names in it stay.
    """
    before = stamp(book.now - timedelta(days=days))
    return sum(
        book.change(delete(column.table).where(column < before))
        for column in (
            codes.c.expires_at,
            sessions.c.expires_at,
            tries.c.last_at,
            leases.c.expires_at,
        )
    )
