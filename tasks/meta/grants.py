"""What is read of one assigned edge: its rows, and of whom all rows are there."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from tasks.meta.completeness import ScopeGap
from tasks.meta.listing import Reading
from tasks.meta.store import RowsFile
from tasks.meta.wire import Edge, Row, Scope


class Grants:
    """The two files of an assigned edge under way, and the counts that go with them.

    A member stands in the second one only when the edge was read to its last page for him.
    """

    def __init__(self, edge: Edge, rows: Path, read: Path, already: Mapping[str, int] | None = None) -> None:
        self.edge = edge
        self.pages = self.rows = 0
        self.total: int | None = 0
        self.read = Counter(already)  # members read, by kind; some of them elsewhere `already`
        self._rows, self._read = RowsFile(rows), RowsFile(read)
        self._gaps: list[ScopeGap] = []

    def __enter__(self) -> Self:
        self._rows.__enter__()
        self._read.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        try:
            self._rows.__exit__(kind, error, where)
        finally:
            self._read.__exit__(kind, error, where)

    def keep(self) -> None:
        """Let both files stay."""
        self._rows.keep()
        self._read.keep()

    def whole(self, member: Scope, rows: list[Row], total: int | None) -> None:
        """Take all grants of a member."""
        if unclear := self.unclear(rows):
            self.gap(member, unclear, [])
            return
        self._write(member, rows)
        self._read.write([{"member_kind": member.kind, "member_id": member.node_id}])
        self.read[member.kind] += 1
        self.total = None if total is None or self.total is None else self.total + total

    def gap(self, member: Scope, reason: str, rows: list[Row]) -> None:
        """Note that a member's grants are not all known; those in `rows` are, and may be shown."""
        if not self.unclear(rows):
            self._write(member, rows)
        self._gaps.append(ScopeGap(member.kind, member.node_id, reason))
        self.total = None

    def unclear(self, rows: list[Row]) -> str | None:
        """Say why these rows aren't grants: without tasks nobody knows what they allow; else None."""
        if "tasks" in self.edge.asked and not all(isinstance(row.get("tasks"), list) for row in rows):
            return "Meta left `tasks` out: without them nobody knows what a grant allows; check again later"
        return None

    def gaps(self) -> tuple[ScopeGap, ...]:
        """Return the gaps; "*" stands for all of a kind when none of it was read."""
        none_read = {
            gap.member_kind: gap.reason for gap in reversed(self._gaps) if not self.read[gap.member_kind]
        }
        some = [gap for gap in self._gaps if gap.member_kind not in none_read]
        return (*(ScopeGap(kind, "*", reason) for kind, reason in sorted(none_read.items())), *some)

    def _write(self, member: Scope, rows: list[Row]) -> None:
        keep, head = self.edge.keep, {"member_kind": member.kind, "member_id": member.node_id}
        self._rows.write({**head, **keep(row)} for row in rows)
        self.rows += len(rows)


class MemberSink:
    """One member's grants while they are asked for."""

    __slots__ = ("_grants", "_member", "_rows")

    def __init__(self, grants: Grants, member: Scope) -> None:
        self._grants, self._member = grants, member
        self._rows: list[Row] = []

    def page(self, rows: list[Row]) -> None:
        self._rows += rows

    def again(self) -> None:
        self._rows = []

    def end(self, reading: Reading) -> None:
        self._grants.whole(self._member, self._rows, reading.total)

    def fail(self, reason: str, reading: Reading) -> None:
        self._grants.gap(self._member, reason, self._rows if reading.done else [])
