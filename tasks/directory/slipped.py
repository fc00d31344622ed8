"""Whether the rows of a directory slipped against their ids: each id with the name and address of another.

An export that is joined by the order of its rows, or sorted by one column only, looks sound in every row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import pandas as pd

# How an id was called: the name, and the address in lower case. None is what was not written.
Called = tuple[str | None, str | None]

# Nobody takes both the name and the address of a colleague who stays. One may, where two entries of one
# person are tidied up; rows that slip move two ids at least.
ALLOWED = 1
# As of the absences that make a departure: two exports, each read at its time, so far apart (design §5).
APART = timedelta(hours=20)
SLIPPED = "has rows that slipped against their ids"


@dataclass(frozen=True, slots=True)
class Slipped:
    """The first read since the last accepted one that was refused as slipped."""

    read_at: datetime
    made_at: datetime


def called(people: pd.DataFrame) -> dict[str, Called]:
    """Return how each id is called, of a frame with one row per person and `PEOPLE_COLUMNS`."""
    shown = people[["person_id", "display_name", "primary_email"]].astype("object")
    rows = shown.where(shown.notna(), None).itertuples(index=False, name=None)
    return {person: (name, address and address.lower()) for person, name, address in rows}


def slipped(
    now_called: Mapping[str, Called],
    last_called: Mapping[str, Called],
    made_at: datetime,
    *,
    now: datetime,
    first: Slipped | None,
) -> str | None:
    """Return why a read is refused as slipped against the last accepted one, or None.

    Refused are ids, more than one, that stay and have the name and the address that another id had. It may
    also be the accepted read that was wrong. So that a right file is not refused for ever, it is believed
    when a file made 20 h after the first refused one says so in a check 20 h after its check. Where that one
    was wrong after all, addresses that Meta shows contradict the links of before, and people decide.
    """
    if now_called == last_called:
        return None  # as on most days; many hubs read one directory
    owner = {pair: person for person, pair in last_called.items() if pair[1]}
    moved = sum(
        1
        for person, pair in now_called.items()
        if person in last_called and pair != last_called[person] and _is_another(pair, last_called[person])
        and pair in owner
    )  # fmt: skip
    if moved <= ALLOWED:
        return None
    if first and now - first.read_at >= APART and made_at - first.made_at >= APART:
        return None
    return (
        f"{SLIPPED}: {moved} ids have the name and address that another had; mend the file, or, if the ids "
        "are right, let a new export be read by a check 20 h after this was first said"
    )


def _is_another(pair: Called, before: Called) -> bool:
    name_differs = pair[0] != before[0] or pair[0] is None
    return name_differs and pair[1] != before[1]
