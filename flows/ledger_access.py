"""The ledger of a workspace, and what the directory says now of the people whom it names."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager

import pandas as pd

from flows.check_standing import source_name
from flows.secret_refs import resolve
from flows.settings import Settings
from flows.warehouse_of import reading_warehouse
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


def people_by_id(settings: Settings, ids: Sequence[str]) -> dict[str, Known]:
    """Return what the directory says now of these people; who isn't in it is not in the answer."""
    if not ids:
        return {}
    with reading_warehouse(settings) as con:
        return _known(settings, queries.people_by_id(con, ids))


def people_by_address(settings: Settings, addresses: Sequence[str]) -> dict[str, list[Known]]:
    """Return for each address who has it, in lower case; several where it leads to several."""
    if not addresses:
        return {}
    with reading_warehouse(settings) as con:
        rows = queries.people_by_address(con, addresses)
    return {
        str(address): list(_known(settings, group).values()) for address, group in rows.groupby("address")
    }


def known_refs(settings: Settings, book: Book, refs: Iterable[str]) -> dict[str, Known]:
    """Return what the directory says now of the people whom the ledger calls so."""
    ids = {ref: facts["id"] for ref, facts in book.named(list(refs)).items() if facts}
    known = people_by_id(settings, sorted(set(ids.values())))
    return {ref: known[person] for ref, person in ids.items() if person in known}


def person_ref(book: Book, person: Known) -> str:
    """Return the ledger's reference of a person, with the name and address as they are now."""
    return book.ref("person", person.person_id, name=person.name, address=person.address)


def _known(settings: Settings, rows: pd.DataFrame) -> dict[str, Known]:
    """Return each person once: from the source that is configured first, as a check does."""
    order = {source_name(source): place for place, source in enumerate(settings.directory)}
    found: dict[str, Known] = {}
    for row in sorted(rows.to_dict("records"), key=lambda row: order.get(row["source"], len(order))):
        if row["person_id"] not in found:
            is_gone = row["source"] not in order and row["status"] != "deprovisioned"
            found[row["person_id"]] = Known(
                person_id=row["person_id"],
                kind=row["kind"],
                status="missing" if is_gone else row["status"],
                name=_text(row["display_name"]),
                address=_text(row["primary_email"]),
            )
    return found


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
