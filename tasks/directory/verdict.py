"""Whether a read of the directory may be believed: compared with the last one that was (design §5)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pandas as pd

from tasks.directory.flipped import flipped
from tasks.directory.slipped import Called, Slipped, called, slipped

# Copying may round the time of a file.
ROUNDING = timedelta(minutes=1)
# They say who is who, and who left.
DECISIVE = ("person_id", "status", "kind", "primary_email", "display_name", "user_name", "aliases")


@dataclass(frozen=True, slots=True)
class LastAccepted:
    """The last read of a source that was accepted: how many people, and when the source was made.

    `seated` are the ids of those who hold a seat in any hub, without who left or was missing already;
    `columns` those with values; `called` how each id was called; `slipped` the first of the reads since then
    that were refused as slipped; `statuses` that of each id.
    """

    people: int
    made_at: datetime
    seated: frozenset[str] = frozenset()
    columns: frozenset[str] = frozenset()
    called: Mapping[str, Called] = field(default_factory=dict)
    slipped: Slipped | None = None
    statuses: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """What a read says of each id that is compared: how it is called, and its status."""

    called: Mapping[str, Called]
    statuses: Mapping[str, str]


def told(people: pd.DataFrame) -> Told:
    """Return it of a frame with one row per person and `PEOPLE_COLUMNS`."""
    return Told(called(people), dict(zip(people["person_id"], people["status"], strict=True)))


def compare(
    read: Told,
    columns: Collection[str],
    made_at: datetime,
    *,
    now: datetime,
    max_age: timedelta,
    last: LastAccepted | None,
) -> str | None:
    """Return why a read is refused, by the first rule that says so, or None."""
    ids = read.statuses.keys()
    return (
        verdict(len(ids), made_at, now=now, max_age=max_age, last=last)
        or lost_columns(columns, last)
        or re_keyed(ids, last)
        or (slipped(read.called, last.called, made_at, now=now, first=last.slipped) if last else None)
        or (flipped(read.statuses, last.statuses) if last else None)
    )


def verdict(
    people: int, made_at: datetime, *, now: datetime, max_age: timedelta, last: LastAccepted | None
) -> str | None:
    """Return why a read is refused, or None when it is accepted.

    Refused is a read that is empty, older than `max_age`, made in the future by more than a day, or before
    the last accepted one (an export that was put back doesn't know who has left since; but one that was made
    in the future says nothing about the next), or with fewer people than that by more than max(2, 5 %).
    """
    if people == 0:
        return "has no people"
    age = now - made_at
    if age > max_age:
        return f"is {_hours(age)} old, more than the {_hours(max_age)} allowed"
    if age < -timedelta(days=1):
        return f"is dated {_hours(-age)} in the future; check the clocks"
    if last is not None:
        if made_at + ROUNDING < last.made_at <= now:
            return "was made before the last accepted read: it is an older export"
        fewer = last.people - people
        allowed = max(2, last.people * 5 // 100)
        if fewer > allowed:
            return (
                f"has {people} people, {fewer} fewer than the last accepted read ({last.people}); "
                f"{allowed} are allowed"
            )
    return None


def lost_columns(columns: Collection[str], last: LastAccepted | None) -> str | None:
    """Return why a read with values in these columns is refused for those that it lost, or None.

    A column that was renamed, or came empty, says nothing, and nothing must not be read as a default: without
    `status` everybody who left would be active again.
    """
    lost = [name for name in DECISIVE if last and name in last.columns and name not in columns]
    if not lost:
        return None
    return f"has no values any more for {' and '.join(lost)}, which the last accepted read had"


def re_keyed(ids: Collection[str], last: LastAccepted | None) -> str | None:
    """Return why a read with these person ids is refused as re-keyed, or None.

    When more than max(2, 5 %) of those who hold seats vanish at once, the source gives its people other ids
    (design §5): to believe it would turn colleagues into strangers, or into people who left. Where two are
    nearly everybody: when all who hold seats vanish, or no id is one of the last accepted read.
    """
    if last is None:
        return None
    if len(last.called) > 1 and last.called.keys().isdisjoint(ids):
        return f"has none of the {len(last.called)} ids of the last accepted read; its ids look re-keyed"
    seated = len(last.seated)
    vanished = len(last.seated.difference(ids))
    allowed = max(2, seated * 5 // 100)
    if seated > 1:
        allowed = min(allowed, seated - 1)
    if vanished <= allowed:
        return None
    return (
        f"lacks {vanished} of the {seated} people who hold seats, {allowed} are allowed; "
        "its ids look re-keyed"
    )


def nobody_active(people: pd.DataFrame) -> str | None:
    """Return why an export of everybody in which nobody is active is refused, or None: it was filtered."""
    if (people["status"] == "active").any():
        return None
    return "has nobody who is active: it looks filtered; export all users"


def _hours(span: timedelta) -> str:
    return f"{span.total_seconds() / 3600:.0f} h"
