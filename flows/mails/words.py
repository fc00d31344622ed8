"""Sentences of the mails to Owners that rest on single rows of the ledger."""

from collections.abc import Mapping, Sequence
from typing import Any

from flows.review.grounds import ReportLost, report_of
from flows.review.words import counted
from flows.settings import Settings
from matching.roster.change_words import headline, held_back_words
from tasks.ledger.book import Book
from tasks.ledger.entry import Entry
from tasks.mail import letters

_AGAIN = "Something that was approved could not be done (a mail of its own says why), so it is asked again."
_UNREADABLE = (
    "Somebody who has left is held back. Who, and why, can't be shown here: the report of the last check was "
    "altered or deleted. The next check tells it.",
)
_VIA = {
    "page code": "on the page",
    "login code": "on the command line, logged in by a code mailed to them",
    "verdict code, command line": "on the command line, with a code of their mail",
    "verdict code, Prefect's form": "in Prefect's form, with a code of their mail",
}


def via_words(identified_by: str) -> str:
    """Return where somebody answered, and how it is known who it was."""
    return _VIA.get(identified_by, identified_by)


def headline_of(proposal: Mapping[str, Any], change: str) -> str:
    """Return what a change is about; its id alone where the report that told it is lost."""
    return headline(proposal) if proposal else f"Change {change}"


def stop_words(label: str, page_url: str) -> str:
    """Return how an answer is taken back, or outweighed, before it is carried out."""
    return (
        f"Take your answer back, or say that somebody stays, at {page_url} with the code of your mail. On "
        f"the command line: `hubroster login ADDRESS`, then `hubroster decide --hub {label} CHANGE=keep`; "
        f"`hubroster reviews {label}` shows what stands for CHANGE."
    )


def undo_words(label: str, member_id: str, proposal: Mapping[str, Any]) -> str:
    """Return how a removal is undone; nobody is brought back whom the directory says has left."""
    first = "make them active in the directory again, then " if proposal.get("person") else ""
    return f"To undo it: {first}`hubroster restore {label} {member_id} --reason WHY`."


def held_back_lines(settings: Settings, checked: Entry) -> Sequence[str]:
    """Return who is held back and why, by the report of a check; silence is worse than no names."""
    try:
        report = report_of(settings, checked.payload["report"], "")
    except ReportLost:
        return _UNREADABLE
    return [held_back_words(proposal) for proposal in report["held_back"]]


def said_words(book: Book, ref: str | None) -> str:
    """Return what somebody wrote beside an answer; empty for nothing, and for what was erased."""
    return book.named([ref])[ref].get("words", "") if ref else ""


def unasked_line(book: Book, row: Entry) -> letters.Line:
    """Return what somebody decided unasked, as a receipt tells it; the words stand beside the chain."""
    texts = book.named([ref for ref in (row.payload["said"], row.payload.get("reason")) if ref])
    said = texts[row.payload["said"]].get("words", "Erased since.")
    reason = texts.get(row.payload.get("reason") or "", {}).get("words", "")
    return letters.Line("", row.kind, said, "", f"Reason: {reason}" if reason else "", "", ())


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
