"""The ledger as an auditor reads it: its raw rows and the chain, by nothing of the program's own."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

YES = ("remove", "do")
HASHED = ("seq", "at", "hub", "actor", "identified_by", "kind", "payload", "previous_hash")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the ledger, as it is stored."""

    seq: int
    at: datetime
    actor: str
    identified_by: str
    kind: str
    said: dict[str, Any]
    hash: str


class AuditedBook:
    """All rows of the ledger at one moment. Reading it raises AssertionError where the chain is broken."""

    def __init__(self, path: Path) -> None:
        with closing(sqlite3.connect(path)) as con:
            con.row_factory = sqlite3.Row
            stored = con.execute("select * from entries order by seq").fetchall()
            self.ids = dict(con.execute("select ref, id from names").fetchall())
        previous = "0" * 64
        self.lines: list[Line] = []
        for place, row in enumerate(stored, 1):
            hashed = json.dumps(
                {name: row[name] for name in HASHED},
                sort_keys=True,
                separators=(",", ":"),
                ensure_ascii=False,
            )
            assert row["seq"] == place, f"row {place} of the ledger is missing"
            assert row["previous_hash"] == previous, f"row {place} does not follow the one before it"
            assert row["hash"] == hashlib.sha256(hashed.encode()).hexdigest(), f"row {place} was changed"
            previous = row["hash"]
            self.lines.append(
                Line(
                    row["seq"],
                    datetime.fromisoformat(row["at"]),
                    row["actor"],
                    row["identified_by"],
                    row["kind"],
                    json.loads(row["payload"]),
                    row["hash"],
                )
            )

    @property
    def head(self) -> int:
        return len(self.lines)

    def of(self, *kinds: str, after: int = 0, until: int | None = None) -> Iterator[Line]:
        """Yield the rows of some kinds, those after a row and up to another."""
        return (one for one in self.lines[after:until] if one.kind in kinds)

    def about(self, change: str, *kinds: str) -> Iterator[Line]:
        return (one for one in self.of(*kinds) if one.said.get("change") == change)

    def id_of(self, ref: str) -> str:
        """Return the directory's id of a person, or an address, for a reference."""
        return str(self.ids.get(ref, ""))

    def owners(self, until: int, now: datetime) -> set[str]:
        """Return the references of those who are Owners at a row."""
        found: set[str] = set()
        for one in self.of("owner_named", "owner_dropped", until=until):
            if one.kind == "owner_dropped":
                found.discard(one.said["person"])
            elif datetime.fromisoformat(one.said["counts_from"]) <= now:
                found.add(one.said["person"])
        return found

    def open_review(self) -> Line | None:
        """Return the row that opened the review which is open, or None."""
        over = {one.said["review"] for one in self.of("review_closed")}
        opened = [one for one in self.of("review_opened") if one.said["review"] not in over]
        assert len(opened) < 2, "two reviews of one hub are open"
        return opened[0] if opened else None

    def asked(self, change: str) -> dict[str, Any]:
        """Return a question as it was put, by its change id."""
        for one in self.of("review_opened"):
            for asked in one.said["asked"]:
                if asked["id"] == change:
                    return dict(asked)
        for one in self.of("approved"):  # access that was promised with an invitation
            if one.said["change"] == change:
                return dict(one.said["asked"])
        raise AssertionError(f"{change} was never asked")

    def reviews_with(self, change: str, review: str) -> set[str]:
        """Return a review and those whose place it took, as far back as the question stood in each."""
        opened = {one.said["review"]: one.said for one in self.of("review_opened")}
        found: set[str] = set()
        at: str | None = review
        while at and at in opened and change in {one["id"] for one in opened[at]["asked"]}:
            found.add(at)
            at = opened[at]["supersedes"]
        return found

    def words(self, approval: Line) -> dict[str, tuple[str, datetime]]:
        """Return the last word of each person that an approval rests on: reference → (answer, when).

        Once a change was tried at Meta what was said before is used up.
        """
        change = approval.said["change"]
        reviews = self.reviews_with(change, approval.said["review"])
        tried = [one.seq for one in self.about(change, "result") if one.seq < approval.seq]
        found: dict[str, tuple[str, datetime]] = {}
        for one in self.of("answered", after=max(tried, default=0), until=approval.seq):
            answer = one.said["answers"].get(change)
            if answer is None or one.said["review"] not in reviews:
                continue
            found.pop(one.actor, None)
            if answer != "withdraw":
                found[one.actor] = (answer, one.at)
        return found

    def whose(self, until: int) -> dict[str, str]:
        """Return whose each seat is by what Owners said last: Meta id → person id."""
        over, found = self.over(), dict[str, str]()
        for one in self.of("matched", "unlinked", until=until):
            if one.seq in over:
                continue
            if one.kind == "matched":
                found[one.said["member_id"]] = self.id_of(one.said["person"])
            else:
                found.pop(one.said["member_id"], None)
        return found

    def over(self) -> set[int]:
        """Return the rows of decisions that were taken back."""
        return {seq for one in self.of("taken_back") for seq in one.said["ends"]}
