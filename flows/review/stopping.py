"""To stop what was approved and isn't carried out yet, also where no open review asks for it any more."""

from collections.abc import Collection, Mapping

from flows.opening.ledger import known_refs
from flows.review.closing import PROGRAM
from flows.review.result_row import WITHDRAWN, result
from flows.settings import Settings
from matching.review.approvals import RESULT, fate, unsettled
from matching.review.asked import DONT, KEEP, WITHDRAW
from matching.review.owners import distinct, owners_of, why_not
from matching.review.standing import open_review
from tasks.ledger.book import Book

STOPS = (KEEP, DONT, WITHDRAW)


def approval_to_stop(
    settings: Settings, book: Book, label: str, *, person: str, answers: Mapping[str, str]
) -> str | None:
    """Return the review of the approvals that these answers stop, None where they are no such answers.

    They are where each says stop, to something that is approved and not settled and that the open review
    doesn't ask; the person may answer each. `apply` looks for such answers just before it calls Meta.
    """
    if any(answer not in STOPS for answer in answers.values()):
        return None
    rows = book.entries(hub=label)
    current = open_review(rows, label)
    asked_now = current.asked if current and book.now < current.expires_at else {}
    pending = {one.asked.id: one for one in unsettled(rows, label)}
    if any(change in asked_now or change not in pending for change in answers):
        return None
    owners = owners_of(rows, label, book.now)
    known = known_refs(
        settings, book, {*owners, *(who for one in answers for who in pending[one].asked.persons)}
    )
    for change, answer in answers.items():
        one = pending[change]
        if why_not(person, one.asked, distinct(owners, known), known):
            return None
        if answer == WITHDRAW and person not in one.by:
            return None
    return pending[next(iter(answers))].review


def settle_stopped(book: Book, label: str, changes: Collection[str]) -> list[str]:
    """Write which of these were approved, and stopped before they were begun; return the requests among them.

    `apply` would write it later. Meanwhile a new yes would be taken for one about the old approval, and
    nothing be done, though its speaker was told that it would. With such a result a request would be over.
    """
    rows = book.entries(hub=label)
    stopped = [
        one
        for one in unsettled(rows, label)
        if one.asked.id in changes
        and one.intended_at is None
        and fate(one, [row for row in rows if row.seq > one.seq], book.now) == "withdrawn"
    ]
    for one in stopped:
        if one.asked.wanted is None:
            payload = result(one, "withdrawn", WITHDRAWN)
            book.append(RESULT, hub=label, actor=PROGRAM, identified_by="answers", payload=payload)
    return [one.asked.id for one in stopped if one.asked.wanted]
