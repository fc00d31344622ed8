"""After a backup was brought back nobody knows what was said since it was made: a stay, perhaps.

So nothing that was approved in it is carried out, and what was open is asked anew. The mark lies in the home
until that stands in the ledger.
"""

import json
from pathlib import Path

from flows.review.closing import PROGRAM, close
from flows.review.result_row import result
from flows.settings import Settings
from matching.review.approvals import RESULT, unsettled
from matching.review.standing import open_review
from tasks.home_files import write_anew
from tasks.ledger.book import Book, Ledger

MARK = "backup.restored"
BROUGHT_BACK = "brought_back"
UNSURE = "a backup was brought back, and nobody knows whether an Owner said stay after it: answer again"
_WORDS = (
    "hubroster was brought back from its backup of {made_at}. What was said after that may be lost, a stay "
    "too: so nothing is done that was approved and not done by then, and the next check asks anew."
)


def mark(home: Path, made_at: str) -> None:
    """Write that a backup was brought back into this home."""
    write_anew(home / MARK, json.dumps({"made_at": made_at}), 0o600)


def is_marked(settings: Settings) -> bool:
    """Say whether a backup was brought back, and the ledger doesn't say so yet."""
    return (settings.home / MARK).exists()


def begin_anew(settings: Settings, ledger: Ledger) -> None:
    """End what the backup left open, in all hubs; nothing where none was brought back."""
    if not is_marked(settings):
        return
    labels = {hub.label for hub in settings.hubs}
    with ledger.writing() as book:
        if not is_marked(settings):  # another process was quicker
            return
        made_at = json.loads((settings.home / MARK).read_text(encoding="utf-8"))["made_at"]
        if settings.ledger.url == "sqlite":  # a Postgres may have hubs of other homes, which are as they were
            labels |= {row.hub for row in book.entries() if row.hub}
        for label in sorted(labels):
            _end(book, label, made_at)
    (settings.home / MARK).unlink(missing_ok=True)


def _end(book: Book, label: str, made_at: str) -> None:
    rows = book.entries(hub=label)
    for one in unsettled(rows, label):
        if one.intended_at is None:  # what was begun is found out about by reading
            payload = result(one, "stale", UNSURE)
            book.append(RESULT, hub=label, actor=PROGRAM, identified_by="backup", payload=payload)
    if review := open_review(rows, label):
        close(book, review, "cancelled")
    payload = {"made_at": made_at, "said": book.text(_WORDS.format(made_at=made_at))}
    book.append(BROUGHT_BACK, hub=label, actor=PROGRAM, identified_by="backup", payload=payload)
