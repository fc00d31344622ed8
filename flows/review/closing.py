"""The end of a review: answered, expired, superseded, or cancelled because what it rests on was lost."""

import logging

from flows.review.grounds import LOST, is_lost
from flows.settings import Settings
from matching.review.standing import CLOSED, OPENED, Review, open_review
from tasks.ledger.book import Book, Ledger

progress = logging.getLogger("hubroster.progress")

PROGRAM = "hubroster"  # who acts where nobody did
BY_CHECK = "check"
_LOST_WORDS = (
    "The report on which review {review} rests was altered or deleted on the disk of hubroster. Nothing is "
    "asked or done on it any more, and what was approved on it and not carried out yet will not be. The next "
    "check asks anew. Tell whoever runs hubroster."
)


def close(book: Book, review: Review, state: str) -> None:
    """Write that a review is over: answered, expired, superseded or cancelled."""
    book.append(
        CLOSED,
        hub=review.hub,
        actor=PROGRAM,
        identified_by=BY_CHECK,
        payload={"review": review.id, "state": state},
    )


def cancel_lost(settings: Settings, ledger: Ledger, label: str) -> list[str]:
    """Cancel the hub's open review if its report was altered or deleted; return a line for the operator.

    The Owners are told by mail with what is due next.
    """
    with ledger.reading() as book:
        if not lost_review(settings, book, label):
            return []
    with ledger.writing() as book:
        lost = lost_review(settings, book, label)
        return [cancel(book, lost)] if lost else []


def lost_review(settings: Settings, book: Book, label: str) -> Review | None:
    """Return the open review of a hub whose report was altered or deleted, or None."""
    current = open_review(book.entries(hub=label, kinds={OPENED, CLOSED}), label)
    return current if current and is_lost(settings, current.report) else None


def cancel(book: Book, review: Review) -> str:
    """Cancel a review whose report was lost; return what the operator is told."""
    close(book, review, "cancelled")
    book.append(
        LOST,
        hub=review.hub,
        actor=PROGRAM,
        identified_by=BY_CHECK,
        payload={
            "review": review.id,
            "report": review.report,
            "said": book.text(_LOST_WORDS.format(review=review.id)),
        },
    )
    line = (
        f"review {review.id} is cancelled: its report {review.report[:12]} was altered or deleted; "
        "find out by whom, and check again"
    )
    progress.info("%s", line)
    return line
