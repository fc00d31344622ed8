"""Reconcile: bring every hub's reviews, mails, changes and suspended runs in line with the ledger.

It runs every hour, and mends what was lost: a server or worker that died, a cancelled run, a mail server that
was away. All that it does can be done twice.
"""

import logging
from dataclasses import dataclass

from flows.apply import apply_approved
from flows.mails.notify import notify
from flows.opening.ledger import ledger_of
from flows.review.closing import cancel_lost, close
from flows.settings import Settings
from matching.review.standing import CLOSED, OPENED, expired, open_review
from tasks.errors import HubrosterError
from tasks.ledger.retention import forget_old

progress = logging.getLogger("hubroster.progress")


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What one hub came to: its open review, the changes settled, the mails sent, and what failed."""

    hub: str
    review: str | None
    settled: int
    mails: int
    failed: tuple[str, ...]


async def reconcile(settings: Settings, label: str) -> Reconciled:
    """Settle what is due in one hub, expire what is over, and send what is due. Raises nothing of ours."""
    failed: list[str] = []
    settled = mails = 0
    try:
        with ledger_of(settings) as ledger:
            failed += cancel_lost(settings, ledger, label)
        settled = len(await apply_approved(settings, label))
    except HubrosterError as error:
        failed.append(f"changes of {label}: {error}")
    review = None
    try:
        review = expire(settings, label)
        mails, unsent = notify(settings, label)
        failed += unsent
    except HubrosterError as error:
        failed.append(f"review of {label}: {error}")
    for line in failed:
        progress.info("%s", line)
    return Reconciled(label, review, settled, mails, tuple(failed))


def expire(settings: Settings, label: str) -> str | None:
    """Close the hub's review when its time is over; return the id of the one that is open then.

    What stands beside the ledger's chain and ended long ago is forgotten on the way.
    """
    with ledger_of(settings) as ledger, ledger.writing() as book:
        forget_old(book)
        current = open_review(book.entries(hub=label, kinds={OPENED, CLOSED}), label)
        if current and expired(current, book.now):
            close(book, current, "expired")
            return None
        return current.id if current else None
