"""Who becomes an Owner of a hub, and who is one no longer: rows of the ledger that an Owner approved."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flows.opening.warehouse import reading_warehouse
from flows.review.closing import PROGRAM
from flows.settings import Settings
from matching.review.owners import DROPPED, NAMED, owners_of
from matching.review.requests import REQUEST_ENDED
from matching.review.wanted import Wanted
from tasks.ledger.book import Book
from tasks.warehouse import queries

WAIT_H = 24  # until one whom nobody else approved counts


def change_owners(book: Book, hub: str, wanted: Wanted, base: Mapping[str, Any]) -> bool:
    """Write what was approved about an Owner; False, as nothing follows at Meta. The last one stays."""
    owners = owners_of(book.entries(hub=hub), hub, book.now)
    state = "done"
    if wanted.kind == "owner_add" and wanted.person not in owners:
        name_owner(book, hub, wanted.person, actor=PROGRAM, identified_by="answers", change=base["change"])
    elif wanted.kind == "owner_drop" and wanted.person in owners and len(owners) > 1:
        said = book.text("An Owner of this hub is one no longer.")
        payload = {"person": wanted.person, "change": base["change"], "by": base["by"], "said": said}
        book.append(DROPPED, hub=hub, actor=base["by"][0], identified_by="answers", payload=payload)
    else:
        state = "stale"
    book.append(
        REQUEST_ENDED,
        hub=hub,
        actor=PROGRAM,
        identified_by="answers",
        payload={"change": base["change"], "review": base["review"], "state": state},
    )
    return False


def drop_passed_on(settings: Settings, book: Book, hub: str) -> None:
    """Write that Owners whose id the directory gave to somebody else are none any more; the rest are told."""
    rows = book.entries(hub=hub)
    owners = owners_of(rows, hub, book.now)
    named_at = {row.payload["person"]: row.at for row in rows if row.kind == NAMED}
    ids = {ref: facts["id"] for ref, facts in book.named(list(owners)).items() if facts}
    with reading_warehouse(settings) as con:
        gone = queries.passed_on(con, "", {(ref, person): named_at[ref] for ref, person in ids.items()})
    for ref in gone["stay_id"]:
        said = book.text("An Owner of this hub is one no longer: the directory gave the id to somebody else.")
        payload = {"person": ref, "change": None, "by": [], "said": said}
        book.append(DROPPED, hub=hub, actor=PROGRAM, identified_by="directory", payload=payload)


def name_owner(
    book: Book, hub: str, person: str, *, actor: str, identified_by: str, change: str = "", wait_h: int = 0
) -> None:
    """Write that somebody is an Owner, counting at once or after some hours; all Owners are told."""
    when = book.now + timedelta(hours=wait_h)
    name = book.named([person])[person].get("name") or "Somebody"
    since = f", from {when:%Y-%m-%d %H:%M} UTC" if wait_h else ""
    book.append(
        NAMED,
        hub=hub,
        actor=actor,
        identified_by=identified_by,
        payload={
            "person": person,
            "counts_from": when.isoformat(),
            "change": change or None,
            "said": book.text(f"{name} is an Owner of this hub{since}."),
        },
    )
