"""What was approved and is not settled yet: what `apply` has to carry out (design §9)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from matching.review.asked import YES, Asked, from_payload
from matching.review.decisions import EXEMPTED, KEPT
from matching.review.requests import REQUEST_ENDED
from matching.review.rows import Row
from matching.review.standing import ANSWERED, CLOSED, OPENED, lapsed

APPROVED, INTENDED, RESULT = "approved", "intended", "result"


@dataclass(frozen=True, slots=True)
class Approval:
    """One change that the Owners approved. `seq` is its row in the ledger, and its name in later rows.

    `intended_at`: when `apply` wrote that it would call Meta, None before. It is called once at most.
    """

    seq: int
    review: str
    asked: Asked
    by: tuple[str, ...]
    approved_at: datetime
    complete_at: datetime
    not_before: datetime
    intended_at: datetime | None

    @property
    def hold(self) -> timedelta:
        """How long the Owners have, once they were told, to say stop."""
        return self.not_before - self.approved_at


def unsettled(rows: Sequence[Row], hub: str) -> list[Approval]:
    """Return the approvals of a hub that have no result yet, in their order."""
    results = {row.payload["approval"] for row in rows if row.kind == RESULT and row.hub == hub}
    intended = {row.payload["approval"]: row.at for row in rows if row.kind == INTENDED and row.hub == hub}
    return [
        Approval(
            seq=row.seq,
            review=row.payload["review"],
            asked=from_payload(row.payload["asked"]),
            by=tuple(row.payload["by"]),
            approved_at=row.at,
            complete_at=datetime.fromisoformat(row.payload["complete_at"]),
            not_before=datetime.fromisoformat(row.payload["not_before"]),
            intended_at=intended.get(row.seq),
        )
        for row in rows
        if row.kind == APPROVED and row.hub == hub and row.seq not in results
    ]


def fate(approval: Approval, rows: Iterable[Row], now: datetime) -> str:
    """Return what became of an approval before it is carried out: wait, due, withdrawn or lapsed.

    A later word of anybody who says stay, and of an approver who takes his yes back, wins: the more cautious
    does, also when it was said about other facts of the same seat. Whether the speaker was an Owner was asked
    when he said it.
    """
    takes = approval.asked.wanted is None or approval.asked.wanted.kind == "remove_member"
    for row in rows:
        if takes and row.kind in (KEPT, EXEMPTED) and row.seq > approval.seq and _same(row, approval):
            return "withdrawn"
        if row.kind == REQUEST_ENDED and row.payload["change"] == approval.asked.id:
            return "withdrawn"
        if row.kind != ANSWERED or row.seq < approval.seq or approval.asked.id not in row.payload["answers"]:
            continue
        answer = row.payload["answers"][approval.asked.id]
        takes_back = answer == "withdraw" and row.actor in approval.by
        if takes_back or answer not in (*YES, "withdraw"):
            return "withdrawn"
    if lapsed(approval.complete_at, now):
        return "lapsed"
    return "due" if now >= approval.not_before else "wait"


def dropped(approval: Approval, rows: Iterable[Row]) -> bool:
    """Say whether a check found since that what it approved was nothing to ask any more.

    Who had left was active again, say. If it is asked once more, nobody has answered that yet.
    """
    if approval.asked.wanted is not None:
        return False
    for row in rows:
        if row.seq <= approval.seq:
            continue
        if row.kind == OPENED and approval.asked.id not in {one["id"] for one in row.payload["asked"]}:
            return True
        if row.kind == CLOSED and row.payload["state"] == "answered":
            return True
    return False


def _same(row: Row, approval: Approval) -> bool:
    seat = (row.payload["member_kind"], row.payload["member_id"])
    return seat == (approval.asked.member_kind, approval.asked.member_id)
