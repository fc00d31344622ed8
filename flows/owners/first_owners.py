"""Who may say that a directory is right before any read of it was accepted: its Owners, as the file has them.

An Owner is somebody whom the directory knows. Where its very first read is refused it knows nobody, and
nobody could say that the read is right. Until somebody can, a file that could be read whole tells who the
Owners are whom the settings, or the ledger, name already.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from flows.opening.directory import last_of, may_be_accepted, read_source, with_word
from flows.opening.ledger import known_refs, ledger_of, people_by_id
from flows.preflight.own import ledger_url
from flows.preflight.owners import Directory, owners_facts
from flows.settings import Settings
from matching.review.owners import Known, is_fit, owners_of
from tasks.directory.read import DirectoryRead
from tasks.ledger.look import look_at_ledger


@dataclass(frozen=True, slots=True)
class FirstOwners:
    """Owners whom only refused first reads know: person_id → what they say. `directory`: these reads."""

    people: dict[str, Known]
    directory: Directory

    def at(self, address: str) -> Known | None:
        """Return the one to whom an address leads, None where it leads to nobody or to several."""
        return self.people.get(self.directory.owner_at(address).person_id or "")


def first_owners(settings: Settings, only: str | None = None) -> FirstOwners:
    """Return the Owners by the first reads that are refused, of all sources or only one.

    Nobody while an Owner of any hub can act by what was accepted. Whom an accepted read calls suspended, gone
    or no employee is none of them, whatever a refused file says.
    """
    directory = Directory([read for read in _first_reads(settings) if only in (None, read.source)])
    if not directory.people or can_act(settings):
        return FirstOwners({}, directory)
    ids = {
        owner.person_id
        for hub in settings.hubs
        for owner in owners_facts(settings, hub, directory)[0]
        if owner.standing == "fit" and owner.person_id
    }
    told = people_by_id(settings, sorted(ids)) if settings.warehouse_path.exists() else {}
    barred = {one for one, known in told.items() if known.status != "missing" and not is_fit(known)}
    return FirstOwners({one: _known(directory.people[one]) for one in ids - barred}, directory)


def can_act(settings: Settings) -> bool:
    """Say whether an Owner of any hub is an active employee by what was accepted."""
    if not settings.warehouse_path.exists() or not look_at_ledger(ledger_url(settings), settings.home)[1]:
        return False
    with ledger_of(settings) as ledger, ledger.reading() as book:
        rows = book.entries()
        owners = {who for hub in settings.hubs for who in owners_of(rows, hub.label, book.now)}
        return any(is_fit(one) for one in known_refs(settings, book, owners).values())


def _first_reads(settings: Settings) -> Iterable[DirectoryRead]:
    """Yield the read of each source that was never accepted and is refused as it is, but can be accepted."""
    for source in settings.directory:
        if last_of(settings, source.source) is not None:
            continue
        read = read_source(settings, source, now=settings.now(), last=None)
        if may_be_accepted(read) and not with_word(settings, source, read).accepted:
            yield read


def _known(row: dict[str, Any]) -> Known:
    name, address = ("" if pd.isna(row[key]) else row[key] for key in ("display_name", "primary_email"))
    return Known(row["person_id"], row["kind"], row["status"], name, address)
