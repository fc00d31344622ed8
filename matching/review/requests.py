"""Requests of Owners that wait for another Owner's answer, and what was promised with an invitation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from matching.review.asked import Asked, from_payload
from matching.review.rows import Row
from matching.review.wanted import NEW_SEATS

REQUESTED, REQUEST_ENDED, SEAT_SEEN = "requested", "request_ended", "seat_seen"
RESULT, APPROVED = "result", "approved"
PROMISED_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Request:
    """One open request. `shown`: the reference of what people see of it, beside the chain."""

    seq: int
    asked: Asked
    expires_at: datetime
    shown: str


@dataclass(frozen=True, slots=True)
class Promise:
    """An invitation that was sent with access to assets, which can only be given once the seat is there.

    `approval`: the row that approved both. `meta_id`: the invitation's id at Meta.
    """

    approval: int
    review: str
    asked: Asked
    by: tuple[str, ...]
    sent_at: datetime
    meta_id: str


def ended(rows: Iterable[Row], hub: str) -> set[str]:
    """Return the change ids of the requests that are over: answered, withdrawn, or tried at Meta."""
    return {row.payload["change"] for row in rows if row.hub == hub and row.kind in (REQUEST_ENDED, RESULT)}


def open_requests(rows: Sequence[Row], hub: str, now: datetime) -> list[Request]:
    """Return the requests that still wait for an answer or for being carried out, in their order."""
    over = ended(rows, hub)
    found = [
        Request(
            row.seq,
            from_payload(row.payload["asked"]),
            datetime.fromisoformat(row.payload["expires_at"]),
            row.payload["shown"],
        )
        for row in rows
        if row.kind == REQUESTED and row.hub == hub and row.payload["asked"]["id"] not in over
    ]
    return [one for one in found if now < one.expires_at]


def promises(rows: Sequence[Row], hub: str) -> list[Promise]:
    """Return the invitations with access to give whose seat has not been seen yet."""
    mine = [row for row in rows if row.hub == hub]
    seen = {row.payload["approval"] for row in mine if row.kind == SEAT_SEEN}
    sent = {
        row.payload["approval"]: row
        for row in mine
        if row.kind == RESULT
        and row.payload["outcome"] in ("done", "already_done")
        and row.payload.get("meta_id")
    }
    found = []
    for row in mine:
        if row.kind != APPROVED or row.seq not in sent or row.seq in seen:
            continue
        asked, result = from_payload(row.payload["asked"]), sent[row.seq]
        if asked.wanted and asked.wanted.grants and asked.wanted.kind in NEW_SEATS:
            found.append(
                Promise(
                    row.seq,
                    row.payload["review"],
                    asked,
                    tuple(row.payload["by"]),
                    result.at,
                    result.payload["meta_id"],
                )
            )
    return found
