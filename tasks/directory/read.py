"""One read of a workspace directory: its people, and whether they may be believed (design §5)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

PEOPLE_COLUMNS: tuple[str, ...] = (
    "person_id",
    "user_name",
    "given_name",
    "family_name",
    "display_name",
    "primary_email",
    "aliases",
    "department",
    "title",
    "manager_id",
    "country",
    "kind",
    "status",
    "groups",
)
# Those of them that hold several texts.
LISTS = ("aliases", "groups")


@dataclass(frozen=True, slots=True)
class DirectoryRead:
    """One source as it was read; `reason` says why it is refused, and is None when it is accepted.

    `people` has one row per person with the columns of `PEOPLE_COLUMNS`; what is missing is None or NaN,
    `aliases` and `groups` are lists of text. `made_at` is when the source was made (a file's own time),
    `absence` says what it means to be absent from it: "missing" or "left". `columns` are those with values.
    `format` is the name of the export that it is, "columns" for one with our own columns.
    """

    source: str
    read_at: datetime
    made_at: datetime
    accepted: bool
    reason: str | None
    digest: str
    absence: str
    people: pd.DataFrame
    columns: tuple[str, ...] = ()
    format: str = ""

    @property
    def tells_who_left(self) -> bool:
        """Say whether anybody can be a leaver by this source: it has statuses, or absence means so."""
        return "status" in self.columns or self.absence == "left"

    def told(self) -> DirectoryRead:
        """Return the same with as many people, of whom nothing is said: a report counts them, no more."""
        return replace(self, people=self.people[[]])
