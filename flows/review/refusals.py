"""What had no effect leaves a row in the ledger too: whoever looks later sees that somebody tried."""

from datetime import timedelta

from flows.review.closing import PROGRAM
from flows.settings import Settings
from tasks.ledger.book import Book, Ledger

REFUSED = "answer_refused"
_AN_HOUR = timedelta(hours=1)
MOST = 30  # rows an hour of one hub: nobody fills the ledger by trying


def write_refused(
    settings: Settings,
    ledger: Ledger,
    *,
    via: str,
    reason: str,
    review: str | None = None,
    hub: str = "",
    person: str = PROGRAM,
    times: int = 1,
) -> None:
    """Write that an answer had no effect, and why. `person`: whose code or session it was, where known.

    `hub`: else it is that of the review. Of one hub 30 rows an hour are written; the last of them says that
    more are not.
    """
    hub = hub or (review or "").rpartition("-")[0]
    if not any(one.label == hub for one in settings.hubs):
        hub, review = "", None  # somebody made it up
    with ledger.writing() as book:
        written = _last_hour(book, hub)
        if written >= MOST:
            return
        payload = {"review": review, "reason": reason.replace("@", " at "), "times": times}
        more = {"silent": "for an hour"} if written == MOST - 1 else {}
        book.append(REFUSED, hub=hub, actor=person, identified_by=via, payload=payload | more)


def _last_hour(book: Book, hub: str) -> int:
    return sum(book.now - row.at < _AN_HOUR for row in book.entries(hub=hub, kinds={REFUSED}))
