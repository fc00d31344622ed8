"""A ledger to test with: its clock stands where a test puts it; its rows can be spoilt behind its back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from tasks.ledger.book import Ledger, open_ledger
from tasks.ledger.entry import Entry

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Scene:
    """An opened ledger, and what is needed to open it again."""

    url: str
    home: Path
    clock: Clock
    ledger: Ledger
    others: list[Ledger] = field(default_factory=list)

    def close(self) -> None:
        """Close every ledger that was opened."""
        for one in (self.ledger, *self.others):
            one.close()

    def again(self, clock: Callable[[], datetime] | None = None, lock_wait_s: float = 30) -> Ledger:
        """Open the same ledger a second time."""
        self.others.append(open_ledger(self.url, self.home, clock or self.clock, lock_wait_s=lock_wait_s))
        return self.others[-1]

    def write(self, count: int, hub: str = "acme") -> list[Entry]:
        """Append entries, each in a transaction of its own and a second after the last."""
        return [self._one(number, hub) for number in range(count)]

    def look(self) -> list[Entry]:
        """Return all entries."""
        with self.ledger.reading() as book:
            return book.entries()

    def _one(self, number: int, hub: str) -> Entry:
        self.clock.move(seconds=1)
        with self.ledger.writing() as book:
            return book.append(
                "decided", hub=hub, actor="person:ana", identified_by="page", payload={"change": f"c{number}"}
            )

    def spoil(self, *statements: str, **values: Any) -> None:
        """Change the rows as somebody would who may write the file or the database: past every guard."""
        url = self.url if self.url != "sqlite" else f"sqlite:///{self.home / 'ledger.db'}"
        named = make_url(url)
        engine = create_engine(
            named.set(drivername=named.drivername.replace("postgresql", "postgresql+psycopg"))
        )
        with engine.begin() as con:
            for guard in ("entries_stay", "entries_last"):
                if self.url == "sqlite":
                    con.execute(text(f"drop trigger if exists {guard}"))
                else:
                    con.execute(text(f"drop trigger if exists {guard} on entries"))
            for statement in statements:
                con.execute(text(statement), values)
        engine.dispose()
