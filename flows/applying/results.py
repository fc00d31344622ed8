"""What came of approved changes, as the ledger keeps it: one result for each, of whoever was first."""

import logging
from collections.abc import Sequence

from flows.applying.rows import BY_APPLY, Settled
from flows.review.result_row import result
from flows.review.reviewing import PROGRAM
from flows.review.words import GONE
from matching.review.approvals import RESULT, Approval
from tasks.ledger.book import Book

progress = logging.getLogger("hubroster.progress")

LATE = "late_result"  # what a process found that had lost its lease to another, which wrote the result
_LATE_WORDS = (
    "Change {change} had the outcome {earlier} when one process took over from another. The first one finds "
    "that it is done at Meta."
)
Found = tuple[Approval, str, str, str]  # approval, outcome, reason, the id of what was invited


def write_results(book: Book, label: str, found: Sequence[Found]) -> list[Settled]:
    """Write what came of each, in this transaction; where there is a result already that one stands.

    Where the earlier one didn't know what this one does, the Owners are told.
    """
    if not found:
        return []
    written = {
        row.payload["approval"]: row.payload["outcome"] for row in book.entries(hub=label, kinds={RESULT})
    }
    settled = []
    for approval, state, reason, meta_id in found:
        earlier = written.get(approval.seq)
        if earlier is None:
            settled.append(_write(book, label, (approval, state, reason, meta_id)))
        elif state in GONE and earlier not in GONE:
            _write_late(book, label, approval, state, earlier)
    return settled


def _write(book: Book, label: str, found: Found) -> Settled:
    approval, state, reason, meta_id = found
    asked = approval.asked
    book.append(
        RESULT,
        hub=label,
        actor=PROGRAM,
        identified_by=BY_APPLY,
        payload=result(approval, state, reason, meta_id),
    )
    progress.info("%s %s: %s", asked.member_kind, asked.member_id, state)
    return Settled(asked.id, asked.member_id, state, reason, asked.kind)


def _write_late(book: Book, label: str, approval: Approval, state: str, earlier: str) -> None:
    words = _LATE_WORDS.format(change=approval.asked.id, earlier=earlier)
    payload = {
        "approval": approval.seq,
        "change": approval.asked.id,
        "outcome": state,
        "said": book.text(words),
    }
    book.append(LATE, hub=label, actor=PROGRAM, identified_by=BY_APPLY, payload=payload)
