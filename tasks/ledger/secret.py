"""What is random and made once per ledger."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from tasks.ledger.tables import ledger_secrets

if TYPE_CHECKING:
    from tasks.ledger.book import Book


def secret_of(book: Book, name: str) -> bytes:
    """Return the 32 random bytes of this name, made when first asked for (which only `writing` can)."""
    known = book.secrets.get(name)
    if known is None:
        found = book.rows(select(ledger_secrets.c.value).where(ledger_secrets.c.name == name))
        value = found[0].value if found else secrets.token_hex(32)
        if not found:
            book.change(insert(ledger_secrets).values(name=name, value=value))
        known = book.secrets[name] = bytes.fromhex(value)
    return known
