"""Who the Owners of a hub are, and whether the directory as it is now has them as active employees."""

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from flows.opening.ledger import ledger_of
from flows.preflight.own import ledger_url
from flows.sections import Hub
from flows.settings import Settings
from matching.preflight.facts import Owner
from matching.review.owners import owners_of
from tasks.directory.read import DirectoryRead
from tasks.errors import HubrosterError
from tasks.ledger.look import look_at_ledger


class Directory:
    """The people of all sources, each person once: from the source that is configured first."""

    def __init__(self, reads: Sequence[DirectoryRead]) -> None:
        self.people: dict[str, dict[str, Any]] = {}
        self._by_address: dict[str, set[str]] = {}
        for read in reads:
            self._add(read.people)

    def _add(self, people: pd.DataFrame) -> None:
        columns = ["person_id", "user_name", "display_name", "primary_email", "aliases", "kind", "status"]
        for row in people[columns].to_dict("records"):
            if row["person_id"] in self.people:
                continue
            self.people[row["person_id"]] = {str(name): value for name, value in row.items()}
            for text in (row["primary_email"], row["user_name"], *row["aliases"]):
                if isinstance(text, str):
                    self._by_address.setdefault(text.strip().lower(), set()).add(row["person_id"])

    def owner(self, name: str, ids: Iterable[str]) -> Owner:
        """Return how somebody stands to whom these ids lead."""
        found = sorted(one for one in ids if one in self.people)
        if len(found) != 1:
            return Owner(name, "several" if found else "stranger")
        person = self.people[found[0]]
        if person["kind"] != "employee":
            return Owner(name, f"a {person['kind'].replace('_', ' ')}", found[0])
        if person["status"] != "active":
            return Owner(name, str(person["status"]), found[0])
        reachable = isinstance(person["primary_email"], str)
        return Owner(name, "fit" if reachable else "unreachable", found[0])

    def owner_at(self, address: str) -> Owner:
        """Return how somebody stands whom the settings name by an address."""
        return self.owner(address, self._by_address.get(address.strip().lower(), ()))


def owners_facts(settings: Settings, hub: Hub, directory: Directory) -> tuple[tuple[Owner, ...], str]:
    """Return the Owners of a hub, those of the ledger once it names some, or why they are unknown."""
    if not directory.people:
        return (), "the directory can't be read"
    named = _named(settings, hub)
    if isinstance(named, str):
        return (), named
    if named is None:
        return tuple(directory.owner_at(address) for address in hub.owners), ""
    return tuple(directory.owner(shown, [person]) for person, shown in named), ""


def _named(settings: Settings, hub: Hub) -> list[tuple[str, str]] | str | None:
    """Return the ledger's Owners, each with the person's id and a name to show; None while it has none."""
    try:
        if not look_at_ledger(ledger_url(settings), settings.home)[1]:
            return None
        with ledger_of(settings) as ledger, ledger.reading() as book:
            refs = owners_of(book.entries(hub=hub.label), hub.label, book.now)
            facts = book.named(refs)
    except (HubrosterError, OSError) as error:
        return str(error)
    found = [
        (facts[ref].get("id", ""), facts[ref].get("address") or facts[ref].get("name", "")) for ref in refs
    ]
    return found or None
