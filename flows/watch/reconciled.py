"""When reconcile last came to its end: a small file in the home, for the page's health and for metrics."""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from tasks.home_files import named

FILE = "reconciled.json"


@dataclass(frozen=True, slots=True)
class LastReconcile:
    """When it ended, and how many things it could not do."""

    at: datetime
    failed: int


def note_reconciled(home: Path, failed: int) -> None:
    """Write down that a reconcile came to its end (true time, whatever HUBROSTER_CLOCK_S says)."""
    path = home / FILE
    partial = path.with_suffix(".new")
    last = asdict(LastReconcile(datetime.now(UTC), failed))
    with named(path):
        partial.write_text(json.dumps(last, default=datetime.isoformat), encoding="utf-8")
        partial.chmod(0o600)
        partial.replace(path)


def last_reconcile(home: Path) -> LastReconcile | None:
    """Return the last one, or None where none ever came to its end."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        found = json.loads((home / FILE).read_text(encoding="utf-8"))
        return LastReconcile(datetime.fromisoformat(found["at"]), int(found["failed"]))
    return None
