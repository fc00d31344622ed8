"""One point of a preflight: what was looked at, how it stands, what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

PAGE = "docs/connect-meta.md"

# Every point there is, in the order in which they are told; a read-only hub lacks those of the write token.
NAMES = (
    "read-token",
    "read-token-expires",
    "read-scopes",
    "read-token-only-reads",
    "read-token-sees",
    "write-token",
    "write-token-expires",
    "write-scopes",
    "system-user-age",
    "app",
    "app-secret",
    "app-access",
    "business",
    "full-control",
    "primary-page",
    "verification",
    "two-factor",
    "admin-system-users",
    "api-version",
    "clock",
    "rate",
    "owners",
    "directory",
    "mail",
    "ledger",
    "warehouse",
    "prefect",
)

State = Literal["ok", "look", "broken", "unknown"]


@dataclass(frozen=True, slots=True)
class Point:
    """How one thing stands.

    state: `ok`; `look`: it works, and somebody should know or mend it; `broken`: checks, answers or changes
    fail until it is mended; `unknown`: it could not be found out. `mend` is empty where nothing is to do.
    """

    name: str
    state: State
    said: str
    mend: str = ""

    @property
    def link(self) -> str:
        """Return where the mend is told step by step: each point has an anchor of its name."""
        return f"{PAGE}#{self.name}"


def broken(points: Iterable[Point]) -> list[Point]:
    """Return the points that are broken."""
    return [point for point in points if point.state == "broken"]
