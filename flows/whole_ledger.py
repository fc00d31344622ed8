"""Nothing is changed at Meta on a ledger that somebody altered (design §7)."""

from flows.apply_rows import BY_APPLY
from flows.closing import PROGRAM
from tasks.errors import LedgerError
from tasks.ledger.book import Ledger
from tasks.ledger.verify import verify

BROKEN = "chain_broken"
_WORDS = (
    "The ledger of hubroster was altered at entry {entry}: what stands there may not be what somebody said. "
    "Nothing that you approved is carried out until that is cleared up. Tell whoever runs hubroster, and "
    "keep your mails: the heads in them show what the ledger was."
)


def require_whole(ledger: Ledger, label: str) -> None:
    """Read the whole chain; raise LedgerError when an entry was altered, which all Owners are then told once.

    Whole, and not from the last verified head on: an old yes can be altered too. 15 µs an entry.
    """
    found = verify(ledger)
    if found.ok:
        return
    with ledger.writing() as book:
        told = book.entries(hub=label, kinds={BROKEN})
        if not any(row.payload["entry"] == found.first_broken for row in told):
            payload = {
                "entry": found.first_broken,
                "said": book.text(_WORDS.format(entry=found.first_broken)),
            }
            book.append(BROKEN, hub=label, actor=PROGRAM, identified_by=BY_APPLY, payload=payload)
    raise LedgerError(
        f"{found.reason}; nothing of {label} is changed at Meta on such a ledger: "
        "see `hubroster ledger verify`, and bring back a backup"
    )
