"""An Owner who is logged in, of a hub that is told in rows: what `login` does, without its mail."""

import os
from typing import Any

from flows.opening.ledger import ledger_of, people_by_id, person_ref
from flows.settings import load_settings
from matching.review.owners import NAMED
from tasks.ledger.entry import Entry
from tasks.ledger.sessions import open_session


def log_in(person_id: str, *, label: str = "acme") -> str:
    """Name somebody an Owner of a hub and log him in; return his reference."""
    settings = load_settings()
    known = people_by_id(settings, [person_id])[person_id]
    with ledger_of(settings) as ledger, ledger.writing() as book:
        ref = person_ref(book, known)
        since = {"person": ref, "counts_from": book.now.isoformat()}
        book.append(NAMED, hub=label, actor="hubroster", identified_by="settings", payload=since)
        token = open_session(book, owner=ref, purpose="login", review="", minutes=15)
    path = settings.home / "login.token"
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
        file.write(token)
    return ref


def append(kind: str, payload: dict[str, Any], *, label: str = "acme") -> None:
    """Write a decision as an Owner's commands do."""
    with ledger_of(load_settings()) as ledger, ledger.writing() as book:
        book.append(kind, hub=label, actor="test", identified_by="test", payload=payload)


def entries(*kinds: str) -> list[Entry]:
    with ledger_of(load_settings()) as ledger, ledger.reading() as book:
        return book.entries(kinds=set(kinds))
