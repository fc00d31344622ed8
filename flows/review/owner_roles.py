"""Who becomes an Owner of a hub, and who is one no longer: rows of the ledger that an Owner approved."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flows.review.closing import PROGRAM
from matching.review.owners import DROPPED, NAMED, owners_of
from matching.review.requests import REQUEST_ENDED
from matching.review.wanted import Wanted
from tasks.ledger.book import Book

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
