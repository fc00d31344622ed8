"""What follows when a second Owner lets one report's changes go over the budget of 24 hours."""

from collections.abc import Mapping
from typing import Any

from flows.review.closing import PROGRAM
from matching.review.budget import OVERRIDDEN
from matching.review.requests import REQUEST_ENDED
from matching.review.wanted import Wanted
from tasks.ledger.book import Book


def override(book: Book, hub: str, wanted: Wanted, base: Mapping[str, Any]) -> bool:
    """Write that the budgets don't hold back one report's changes on one date; False: Meta isn't called."""
    said = book.text(f"What the report {wanted.digest[:12]} proposes may go over the budget on {wanted.on}.")
    payload = {
        "digest": wanted.digest,
        "on": wanted.on,
        "by": [wanted.proposer, *base["by"]],
        "change": base["change"],
        "said": said,
    }
    book.append(OVERRIDDEN, hub=hub, actor=base["by"][0], identified_by="answers", payload=payload)
    book.append(
        REQUEST_ENDED,
        hub=hub,
        actor=PROGRAM,
        identified_by="answers",
        payload={"change": base["change"], "review": base["review"], "state": "done"},
    )
    return False
