"""Which mails the Owners of a hub have still to get: what the ledger says happened, less what was sent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from matching.review.approvals import RESULT
from matching.review.owners import NAMED
from matching.review.rows import Row
from matching.review.standing import ANSWERED, CHECKED, Review, Verdict, reviews_of

SENT = "mail_sent"
TITLES = {
    "proposal": "what is asked",
    "reminder": "a reminder of what is asked",
    "held_back": "who has left and can't be removed yet",
    "receipt": "a receipt of an answer",
    "result": "what was done",
}
SETTLED = ("done", "already_done", "withdrawn", "manual")  # outcomes after which nothing is asked again
FIRST_REMINDER = timedelta(days=5)
ASKING = ("proposal", "reminder")  # the mails that carry codes
LAST_REMINDER = timedelta(days=2)  # before the review expires


@dataclass(frozen=True, slots=True)
class Due:
    """One mail to one Owner. `key` names it for ever: it is sent once, save when a crash hid that it was.

    kind: proposal, reminder, receipt, result or held_back. `about`: the rows that it tells of.
    """

    key: str
    kind: str
    person: str
    review: str
    about: tuple[int, ...] = ()


def letters_due(
    rows: Sequence[Row], hub: str, owners: Iterable[str], found: Mapping[str, Verdict], now: datetime
) -> list[Due]:
    """Return the mails that are due now: to each Owner first what is asked, then what else there is to tell.

    `found`: the verdicts of the open review, empty without one.
    """
    mine = [row for row in rows if row.hub == hub]
    sent = {row.payload["key"] for row in mine if row.kind == SENT}
    reviews = reviews_of(mine, hub)
    current = reviews[-1] if reviews and reviews[-1].state == "open" else None
    due: list[Due] = []
    for person in owners:
        for one in (
            *_asking(current, found, person, now),
            *_held_back(mine, person, now),
            *_told(mine, person),
            *_asking_again(mine, current, found, person),
        ):
            if one.key not in sent:
                due.append(one)
    return due


def _held_back(rows: Sequence[Row], person: str, now: datetime) -> list[Due]:
    """A leaver whom something holds back is told every day: silence would be worse."""
    checks = [row for row in rows if row.kind == CHECKED]
    if not checks or not checks[-1].payload["held_back"]:
        return []
    return [Due(f"held_back:{now:%Y-%m-%d}:{person}", "held_back", person, "", (checks[-1].seq,))]


def _asking(review: Review | None, found: Mapping[str, Verdict], person: str, now: datetime) -> list[Due]:
    if review is None or now >= review.expires_at:
        return []
    key = f"proposal:{review.id}:{person}"
    letters = [Due(key, "proposal", person, review.id)]
    if all(verdict.state not in ("open", "partly") for verdict in found.values()):
        return letters
    if now >= review.opened_at + FIRST_REMINDER:
        letters.append(Due(f"reminder:1:{review.id}:{person}", "reminder", person, review.id))
    if now >= review.expires_at - LAST_REMINDER:
        letters.append(Due(f"reminder:2:{review.id}:{person}", "reminder", person, review.id))
    return letters


def _asking_again(
    rows: Sequence[Row], review: Review | None, found: Mapping[str, Verdict], person: str
) -> list[Due]:
    """What was approved and could not be done is asked again: the codes of the mails before are used up."""
    if review is None:
        return []
    asked_at, failed = 0, 0
    for row in rows:
        if row.kind == SENT and row.payload["kind"] in ASKING and row.payload["person"] == person:
            asked_at = row.seq
        elif row.kind == RESULT and row.at >= review.opened_at and row.payload["outcome"] not in SETTLED:
            still = found.get(row.payload["change"])
            failed = row.seq if still and still.state in ("open", "partly") else failed
    if failed <= asked_at:
        return []
    return [Due(f"again:{failed}:{person}", "proposal", person, review.id, (failed,))]


def _told(rows: Sequence[Row], person: str) -> list[Due]:
    """One receipt per answer and per unasked decision, and one mail about all results not told yet.

    Of what was before somebody was named he is told nothing: it was told to those who were Owners then.
    """
    named = [row.seq for row in rows if row.kind == NAMED and row.payload["person"] == person]
    rows = [row for row in rows if row.seq > max(named, default=0)]
    letters = [
        Due(f"receipt:{row.seq}:{person}", "receipt", person, row.payload.get("review", ""), (row.seq,))
        for row in rows
        if row.kind == ANSWERED or row.payload.get("said")
    ]
    told = {
        seq
        for row in rows
        if row.kind == SENT and row.payload["kind"] == "result" and row.payload["person"] == person
        for seq in row.payload["about"]
    }
    results = [row for row in rows if row.kind == RESULT and row.seq not in told]
    if results:
        about = tuple(row.seq for row in results)
        letters.append(
            Due(f"result:{about[-1]}:{person}", "result", person, results[-1].payload["review"], about)
        )
    return letters
