"""The versions of the Graph API and their ends (meta-graph-api.md §7, of 2026-11-24)."""

from datetime import date, datetime

from matching.preflight.point import Point

# version → the last announced day; None: not announced
UNTIL: dict[str, date | None] = {
    "v21.0": date(2027, 1, 21),
    "v22.0": date(2027, 5, 20),
    "v23.0": date(2027, 10, 8),
    "v24.0": date(2028, 2, 18),
    "v25.0": date(2028, 7, 29),
    "v26.0": None,
}
SOON_DAYS = 90
MEND = "set [meta] api_version to one that Meta serves for longer"


def version_point(asked: str, served: str | None, now: datetime) -> Point:
    """Return how the version asked for stands; an expired one is answered by another, without error."""
    name = "api-version"
    if served is not None and served != asked:
        return Point(name, "look", f"{asked} is over: Meta answers with {served}", MEND)
    if asked not in UNTIL:
        known = f"{min(UNTIL, key=_number)} to {max(UNTIL, key=_number)}"
        said = f"{asked} is not one of those that this hubroster knows ({known})"
        return Point(name, "look", said, MEND)
    until = UNTIL[asked]
    if until is None:
        return Point(name, "ok", f"{asked}; Meta has announced no end")
    left = (until - now.date()).days
    said = f"Meta serves {asked} until {until:%d %b %Y}"
    if left < 0:
        return Point(name, "look", f"{said}, which is over", MEND)
    return (
        Point(name, "look", f"{said}, in {left} days", MEND) if left < SOON_DAYS else Point(name, "ok", said)
    )


def _number(version: str) -> float:
    return float(version.removeprefix("v"))
