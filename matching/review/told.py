"""Since when the Owners know what was approved: from then on they have time to say stop (design §9)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from matching.review.approvals import Approval
from matching.review.letters_due import SENT, letters_due
from matching.review.rows import Row
from matching.review.standing import ANSWERED

NOT_TAKEN = "mail_refused"  # the mail server will not take a mail to this Owner, however often it is tried


class Told:
    """Which answers the Owners have receipts of. `owners`: those who get mail at this moment."""

    def __init__(self, rows: Sequence[Row], hub: str, owners: Iterable[str], now: datetime) -> None:
        mine = [row for row in rows if row.hub == hub]
        refused = {row.payload["key"] for row in mine if row.kind == NOT_TAKEN}
        self._answers: dict[str, list[int]] = {}
        self._sent: dict[int, datetime] = {}
        for row in mine:
            if row.kind == ANSWERED:
                for change in row.payload["answers"]:
                    self._answers.setdefault(change, []).append(row.seq)
            elif row.kind == SENT and row.payload["kind"] == "receipt":
                for seq in row.payload["about"]:
                    self._sent[seq] = row.at
        self._missing = {
            due.about[0]
            for due in letters_due(mine, hub, owners, {}, now)
            if due.kind == "receipt" and due.key not in refused
        }

    def since(self, approval: Approval) -> datetime | None:
        """Return when the last receipt of what was approved had gone out; None while one is missing.

        A mail that the server refuses for good is not waited for, as long as one Owner was reached.
        """
        answers = [seq for seq in self._answers.get(approval.asked.id, ()) if seq < approval.seq]
        if not answers or answers[-1] in self._missing:
            return None
        return self._sent.get(answers[-1])
