"""Who acts: the Owner who is logged in, and what he may not do because it is about himself."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from flows.opening.ledger import known_refs, ledger_of
from flows.owners.login import logged_in
from flows.owners.seat_of import ActionRefused, Seat
from flows.settings import Settings
from matching.review.owners import Known, distinct, is_fit, owners_of
from tasks.ledger.book import Book

BY_LOGIN = "login code"
LONGEST = 2000  # characters of a reason


@dataclass(frozen=True, slots=True)
class Actor:
    """An Owner at the command line: his reference in the ledger, and what the directory says of him."""

    ref: str
    known: Known


@contextmanager
def acting(settings: Settings, label: str) -> Iterator[tuple[Book, Actor]]:
    """Open one transaction of the ledger for the Owner of this hub who is logged in.

    Raises ActionRefused when nobody is logged in, or who is isn't an Owner of this hub who may act.
    """
    settings.hub(label)
    owner = logged_in(settings)
    if owner is None:
        raise ActionRefused("you are not logged in, or not any more: hubroster login YOUR-ADDRESS")
    with ledger_of(settings) as ledger, ledger.writing() as book:
        owners = owners_of(book.entries(hub=label), label, book.now)
        everybody = known_refs(settings, book, {*owners, owner})
        known = everybody.get(owner)
        if owner not in distinct(owners, everybody):
            raise ActionRefused(f"you are not an Owner of {label}: `hubroster owners {label}` names them")
        if known is None or not is_fit(known):
            raise ActionRefused(
                "an Owner must be an active employee of the directory, and you are not: ask another Owner"
            )
        yield book, Actor(owner, known)


@contextmanager
def acting_in_workspace(
    settings: Settings, first: Mapping[str, Known] | None = None
) -> Iterator[tuple[Book, Actor]]:
    """Open one transaction of the ledger for an Owner of any hub: the directory is all hubs'.

    `first`: person_id → who may as well, as nothing was accepted yet by which anybody is an Owner. Raises
    ActionRefused when nobody is logged in, or who is isn't an Owner who may act.
    """
    owner = logged_in(settings)
    if owner is None:
        raise ActionRefused("you are not logged in, or not any more: hubroster login YOUR-ADDRESS")
    with ledger_of(settings) as ledger, ledger.writing() as book:
        rows = book.entries()
        if first and (one := first.get(book.named([owner])[owner].get("id", ""))):
            yield book, Actor(owner, one)
            return
        known = known_refs(settings, book, {owner}).get(owner)
        if not any(owner in owners_of(rows, hub.label, book.now) for hub in settings.hubs):
            raise ActionRefused("you are not an Owner of a hub here: `hubroster owners HUB` names them")
        if known is None or not is_fit(known):
            raise ActionRefused(
                "an Owner must be an active employee of the directory, and you are not: ask another Owner"
            )
        yield book, Actor(owner, known)


def require_not_own(actor: Actor, seat: Seat) -> None:
    """Raise ActionRefused for a seat that is the actor's, or could be."""
    if actor.known.person_id in seat.could_be:
        raise ActionRefused(
            "nobody decides about his own seat, or one that could be his: ask another Owner; nothing was done"
        )


def reason_of(reason: str) -> str:
    """Return the reason that was given. Raises ActionRefused for none."""
    words = reason.strip()[:LONGEST]
    if not words:
        raise ActionRefused("say why with --reason: other Owners and auditors read it; nothing was done")
    return words
