"""What one extraction is about, and how the end of an edge is written down."""

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from tasks.meta.completeness import REQUIRED_EDGES, EdgeRead
from tasks.meta.listing import Reading
from tasks.meta.store import RowsFile
from tasks.meta.wire import Edge, Row


@dataclass(frozen=True, slots=True)
class Extraction:
    """One reading of a hub: where the answers go, of which business, which optional edges to leave out."""

    folder: Path
    business_id: str
    skip: Collection[str] = field(default=frozenset())

    def skips(self, edge: str) -> bool:
        """Say whether the configuration leaves this edge out. A required one is never left out."""
        return edge in self.skip and edge not in REQUIRED_EDGES

    def file(self, edge: str) -> Path:
        """Return where an edge's rows go."""
        return self.folder / f"{edge}.ndjson.gz"


def finished(edge: str, reading: Reading) -> EdgeRead:
    """Return the completeness of a listing that was read to its end: complete unless its totals differ."""
    broken_off = reading.broken_off
    return EdgeRead(
        edge=edge,
        pages=reading.pages,
        rows=reading.rows,
        total=reading.total,
        complete=broken_off is None,
        required=edge in REQUIRED_EDGES,
        reason=broken_off,
    )


def failed(edge: str, reason: str, reading: Reading | None = None) -> EdgeRead:
    """Return the completeness of an edge of which nothing was kept."""
    return EdgeRead(
        edge=edge,
        pages=reading.pages if reading else 0,
        rows=0,
        total=reading.total if reading else None,
        complete=False,
        required=edge in REQUIRED_EDGES,
        reason=reason,
    )


def skipped(edge: str) -> EdgeRead:
    """Return the completeness of an edge that the configuration leaves out."""
    return failed(edge, "skipped by configuration")


class ListingSink:
    """One edge of the business while it is read: rows go to its file as pages come; `result` is its end."""

    def __init__(self, edge: Edge, file: RowsFile) -> None:
        self.edge, self._file = edge, file
        self.result: EdgeRead | None = None

    def page(self, rows: list[Row]) -> None:
        self._file.write(map(self.edge.keep, rows))

    def again(self) -> None:
        self._file.restart()

    def end(self, reading: Reading) -> None:
        self._file.keep()
        self.result = finished(self.edge.name, reading)

    def fail(self, reason: str, reading: Reading) -> None:
        if reading.done:  # what is there may open what is new; it closes nothing
            self.end(reading)
        else:
            self.result = failed(self.edge.name, reason, reading)
