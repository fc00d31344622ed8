"""A book of a review, written by hand: what the rules of a review read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from matching.review.asked import Asked

DAY_ONE = datetime(2026, 12, 1, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Line:
    """One entry of the book."""

    seq: int
    at: datetime
    hub: str
    actor: str
    kind: str
    payload: Mapping[str, Any]


@dataclass
class Book:
    """A book that grows; `hours` is how late it is after the first entry."""

    lines: list[Line] = field(default_factory=list)
    hours: float = 0

    @property
    def now(self) -> datetime:
        return DAY_ONE + timedelta(hours=self.hours)

    def write(self, kind: str, payload: Mapping[str, Any], actor: str = "hubroster") -> Line:
        self.lines.append(Line(len(self.lines) + 1, self.now, "acme", actor, kind, payload))
        return self.lines[-1]

    def opens(self, review: str, *asked: Asked, supersedes: str | None = None) -> None:
        self.write(
            "review_opened",
            {
                "review": review,
                "report": "r",
                "digest": "d",
                "expires_at": (self.now + timedelta(days=14)).isoformat(),
                "supersedes": supersedes,
                "asked": [one.as_payload() for one in asked],
            },
        )

    def closes(self, review: str, state: str) -> None:
        self.write("review_closed", {"review": review, "state": state})

    def answers(self, person: str, **given: str) -> Line:
        return self.write("answered", {"review": "any", "answers": given}, person)


def question(change: str, *, needs: int = 1, persons: tuple[str, ...] = ("leaver",)) -> Asked:
    """Return a question about a leaver."""
    return Asked(
        id=change,
        subject=f"s-{change}",
        evidence=f"e-{change}",
        kind="remove",
        stay=f"user:{change}",
        member_kind="user",
        member_id=change,
        role="EMPLOYEE",
        persons=persons,
        needs=needs,
        base=f"s-{change}",
        options=("remove", "keep"),
        recommended="remove",
    )
