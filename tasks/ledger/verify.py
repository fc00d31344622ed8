"""Whether the chain is whole, and whether it is still the one whose heads somebody else holds (design §7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from tasks.ledger.book import Ledger
from tasks.ledger.entry import GENESIS, hash_of
from tasks.ledger.tables import entries

AT_ONCE = 5000  # entries


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found. `witnessed_up_to` is the last entry that a witness vouches for, 0 without one.

    Without a witness a chain that somebody wrote anew, or cut at its end, looks whole.
    """

    ok: bool
    entries: int
    first_broken: int | None
    reason: str
    witnessed_up_to: int


def verify(ledger: Ledger, witness: Iterable[tuple[int, str]] | None = None) -> Verdict:
    """Read the whole book and return the first entry that is not what was written.

    `witness` are heads that others keep: (sequence, hash). Raises LedgerError when it can't be read at all.
    """
    held = sorted({(seq, hash.lower()) for seq, hash in witness or ()})
    with ledger.as_stored() as con:
        hashes, broken = _walk(con)
    for seq, hash in held:
        if broken and seq >= broken[0]:
            break
        if seq >= len(hashes):
            told = f"the ledger ends at {len(hashes) - 1}, and a witness holds {seq}: its end was cut off"
            broken = (len(hashes), told)
        elif hashes[seq] != hash:
            broken = (
                seq,
                f"entry {seq} is not the one that a witness holds: it, or one before, was written anew",
            )
    vouched = [seq for seq, hash in held if seq < len(hashes) and hashes[seq] == hash]
    return Verdict(
        ok=broken is None,
        entries=len(hashes) - 1,
        first_broken=broken[0] if broken else None,
        reason=broken[1] if broken else "",
        witnessed_up_to=max(vouched, default=0),
    )


def _walk(con: Connection) -> tuple[list[str], tuple[int, str] | None]:
    """Return the hashes by sequence, the start's first, up to the entry that is broken, with the reason."""
    hashes, at = [GENESIS.hash], ""
    for row in _rows(con):
        seq = len(hashes)
        reason = _wrong(row, seq, hashes[-1], at)
        if reason:
            return hashes, (seq, reason)
        hashes.append(row["hash"])
        at = row["at"]
    return hashes, None


def _wrong(row: dict[str, Any], seq: int, previous: str, at: str) -> str:
    if row["seq"] != seq:
        return f"entry {seq} is missing: after {seq - 1} comes {row['seq']!r}"
    if any(not isinstance(value, str) for name, value in row.items() if name != "seq"):
        return f"entry {seq} was changed: one of its columns is not text"
    if row["previous_hash"] != previous:
        return f"entry {seq} does not follow entry {seq - 1}: one of them was changed or put in"
    if row["hash"] != hash_of(row):
        return f"entry {seq} was changed: its hash is not that of what it says"
    if row["at"] < at:
        return f"entry {seq} is earlier than the one before it"
    return ""


def _rows(con: Connection) -> Iterator[dict[str, Any]]:
    after: Any = None
    while True:
        asked = select(entries).order_by(entries.c.seq).limit(AT_ONCE)
        found = con.execute(asked if after is None else asked.where(entries.c.seq > after)).all()
        yield from (dict(row._mapping) for row in found)  # SQLAlchemy's own name for it, and public
        if len(found) < AT_ONCE:
            return
        after = found[-1].seq
