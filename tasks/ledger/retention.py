"""What stands beside the chain is kept as long as somebody may ask about it, and then forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete

from tasks.ledger.entry import stamp
from tasks.ledger.tables import codes, leases, outbox, sessions, tries

if TYPE_CHECKING:
    from tasks.ledger.book import Book

DAYS = 400  # a mail that is put again after that is a new one: keys have to say of which review or day


def forget_old(book: Book, days: int = DAYS) -> int:
    """Forget codes, sessions, tries and leases that ended so long ago, and mails that were sent then.

    The chain and the names in it stay, and so does a mail that was never sent. Return how many rows went.
    """
    before = stamp(book.now - timedelta(days=days))
    return sum(
        book.change(delete(column.table).where(column < before))
        for column in (
            codes.c.expires_at,
            sessions.c.expires_at,
            tries.c.last_at,
            leases.c.expires_at,
            outbox.c.sent_at,
        )
    )
