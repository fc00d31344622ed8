"""What Owners said about the directory: rows of the ledger that belong to no hub."""

from collections.abc import Iterable
from datetime import datetime

from matching.review.rows import Row

# payload: source, digest, way, refusal, people, first, by, reason
# `first`: who said so was known as an Owner by this very file, as none had been accepted yet
ACCEPTED = "directory_accepted"
# payload: source, digest, mapped, unmapped, by, reason
REKEYED = "directory_rekeyed"


def accepted_by_hand(rows: Iterable[Row], source: str, digest: str, way: str, since: datetime) -> bool:
    """Say whether an Owner accepted this file of a source, read in this way, at that time or later."""
    wanted = {"source": source, "digest": digest, "way": way}
    return any(
        row.kind == ACCEPTED
        and row.at >= since
        and all(row.payload.get(key) == value for key, value in wanted.items())
        for row in rows
    )
