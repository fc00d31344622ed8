"""Nothing is changed at Meta on a ledger that somebody altered (design §7)."""

from datetime import timedelta

from flows.applying.rows import BY_APPLY
from flows.review.closing import PROGRAM
from tasks.errors import LedgerError
from tasks.ledger.book import Ledger
from tasks.ledger.verify import verify

_A_DAY = timedelta(days=1)
BROKEN = "chain_broken"
_WORDS = (
    "The ledger of hubroster was altered at entry {entry}: what stands there may not be what somebody said. "
    "Nothing that you approved is carried out until that is cleared up. Tell whoever runs hubroster, and "
    "keep your mails: the heads in them show what the ledger was."
)


def require_whole(ledger: Ledger, label: str) -> None:
    """Read the whole chain; raise LedgerError when an entry was altered. All Owners are told so, daily.

    Whole, and not from the last verified head on: an old yes can be altered too. 15 µs an entry.
    """
    found = verify(ledger)
    if found.ok:
        return
    with ledger.writing() as book:
        told = [row.at for row in book.entries(hub=label, kinds={BROKEN})]
        if not told or book.now - told[-1] >= _A_DAY:
            payload = {
                "entry": found.first_broken,
                "said": book.text(_WORDS.format(entry=found.first_broken)),
            }
            book.append(BROKEN, hub=label, actor=PROGRAM, identified_by=BY_APPLY, payload=payload)
    raise LedgerError(
        f"{found.reason}; nothing of {label} is changed at Meta on such a ledger: "
        "see `hubroster ledger verify`, and bring back a backup"
    )
