"""The ledger of a workspace, and what the directory says now of the people whom it names."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager

import duckdb

from flows.opening.warehouse import Opening, reading_warehouse
from flows.secret_refs import resolve
from flows.settings import Settings
from matching.people.sources import one_per_person, status_said
from matching.review.owners import Known
from tasks.ledger.book import Book, Ledger, open_ledger
from tasks.warehouse import queries


@contextmanager
def ledger_of(settings: Settings) -> Iterator[Ledger]:
    """Open the ledger that the settings name, and close it; it is made where there was none."""
    with ledger_at(settings, settings.ledger.url) as ledger:
        yield ledger


@contextmanager
def ledger_at(settings: Settings, url: str) -> Iterator[Ledger]:
    """Open the ledger at a URL, or at what a reference to one leads to, and close it."""
    if url.startswith(("env:", "file:", "command:")):  # it may hold a password
        url = resolve(url, settings.config_path.parent).get_secret_value()
    with closing(open_ledger(url, settings.home, settings.now)) as ledger:
        yield ledger


def people_by_id(
    settings: Settings, ids: Sequence[str], opening: Opening = reading_warehouse
) -> dict[str, Known]:
    """Return what the directory says now of these people; who isn't in it is not in the answer.

    Who has several ids is known by each of them, and called by one.
    """
    if not ids:
        return {}
    with opening(settings) as con:
        known, other = _known(settings, con, ids)
    wanted = {person: other.get(person, person) for person in ids}
    return {person: known[one] for person, one in wanted.items() if one in known}


def people_by_address(settings: Settings, addresses: Sequence[str]) -> dict[str, list[Known]]:
    """Return for each address who has it, in lower case; several where it leads to several."""
    if not addresses:
        return {}
    with reading_warehouse(settings) as con:
        whose = queries.people_by_address(con, addresses)
        known, other = _known(settings, con, [person for _, person in whose]) if whose else ({}, {})
    found: dict[str, dict[str, Known]] = {}
    for address, person in whose:
        one = known[other.get(person, person)]
        found.setdefault(address, {})[one.person_id] = one
    return {address: list(persons.values()) for address, persons in found.items()}


def known_refs(
    settings: Settings, book: Book, refs: Iterable[str], opening: Opening = reading_warehouse
) -> dict[str, Known]:
    """Return what the directory says now of the people whom the ledger calls so."""
    ids = {ref: facts["id"] for ref, facts in book.named(list(refs)).items() if facts}
    known = people_by_id(settings, sorted(set(ids.values())), opening)
    return {ref: known[person] for ref, person in ids.items() if person in known}


def person_ref(book: Book, person: Known) -> str:
    """Return the ledger's reference of a person, with the name and address as they are now."""
    return book.ref("person", person.person_id, name=person.name, address=person.address)


def _known(
    settings: Settings, con: duckdb.DuckDBPyConnection, ids: Sequence[str]
) -> tuple[dict[str, Known], Mapping[str, str]]:
    """Return each person once, as a check does, and the other ids that people have."""
    order = settings.directory_order
    rows = queries.known_people(con, ids)
    if len({source for source, *_ in rows}) < 2:  # nobody is known twice
        known = [
            Known(person, kind, status_said(status, source, order), name or "", address or "")
            for source, person, kind, status, name, address in rows
        ]
        return {person.person_id: person for person in known}, {}
    one = one_per_person(queries.people_by_id(con, ids), order, queries.sources_without_status(con))
    known = [
        Known(
            person_id=row["person_id"],
            kind=row["kind"],
            status=row["status"],
            name=_text(row["display_name"]),
            address=_text(row["primary_email"]),
        )
        for row in one.people.to_dict("records")
    ]
    return {person.person_id: person for person in known}, one.ids


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
