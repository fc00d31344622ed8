"""Sentences of the mails to Owners that rest on single rows of the ledger."""

from collections.abc import Sequence

from flows.review.grounds import ReportLost, report_of
from flows.review.words import counted
from flows.settings import Settings
from matching.roster.change_words import held_back_words
from tasks.ledger.book import Book
from tasks.ledger.entry import Entry
from tasks.mail import letters

_AGAIN = "Something that was approved could not be done (a mail of its own says why), so it is asked again."
_UNREADABLE = (
    "Somebody who has left is held back. Who, and why, can't be shown here: the report of the last check was "
    "altered or deleted. The next check tells it.",
)


def held_back_lines(settings: Settings, checked: Entry) -> Sequence[str]:
    """Return who is held back and why, by the report of a check; silence is worse than no names."""
    try:
        report = report_of(settings, checked.payload["report"], "")
    except ReportLost:
        return _UNREADABLE
    return [held_back_words(proposal) for proposal in report["held_back"]]


def unasked_line(book: Book, row: Entry) -> letters.Line:
    """Return what somebody decided unasked, as a receipt tells it; the words stand beside the chain."""
    texts = book.named([ref for ref in (row.payload["said"], row.payload.get("reason")) if ref])
    said = texts[row.payload["said"]].get("words", "Erased since.")
    reason = texts.get(row.payload.get("reason") or "", {}).get("words", "")
    return letters.Line("", row.kind, said, f"Reason: {reason}" if reason else "", "", ())


def changed_lines(opened: Entry, *, again: bool) -> tuple[str, ...]:
    """Return what is new in a review, or why it is asked again."""
    if again:
        return (_AGAIN,)
    if not opened.payload["supersedes"]:
        return ()
    new, gone = len(opened.payload["new"]), len(opened.payload["gone"])
    return (
        f"This takes the place of review {opened.payload['supersedes']}: {counted(new, 'question')} new, "
        f"{counted(gone, 'question')} gone; what is unchanged keeps the answers given so far.",
    )
