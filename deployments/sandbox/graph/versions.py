"""Which API version answers a path (meta-graph-api.md §7)."""

import re
from datetime import date, datetime

from deployments.sandbox.graph import errors

NEWEST = "v26.0"

# §7: version → the day until which it is usable; None: not announced.
_GRAPH_UNTIL: dict[str, date | None] = {
    "v19.0": date(2026, 5, 21),
    "v20.0": date(2026, 9, 24),
    "v21.0": date(2027, 1, 21),
    "v22.0": date(2027, 5, 20),
    "v23.0": date(2027, 10, 8),
    "v24.0": date(2028, 2, 18),
    "v25.0": date(2028, 7, 29),
    "v26.0": None,
}
# §7: the Marketing API's table is shorter.
_ADS_UNTIL: dict[str, date | None] = {"v24.0": date(2026, 10, 6), "v25.0": None, "v26.0": None}

VERSION = re.compile(r"v(\d+)\.(\d+)")


def split_version(parts: list[str]) -> tuple[str | None, list[str]]:
    """Return the version that a path begins with, or None, and the rest.

    §7: a version that doesn't exist is taken for a node, so what follows it is an unknown path (2500).
    """
    match = VERSION.fullmatch(parts[0]) if parts else None
    if match is None:
        return None, parts
    if (int(match[1]), int(match[2])) > _number(NEWEST) or (match[2] != "0" and int(match[1]) > 12):
        raise errors.unknown_path("/".join(parts[1:]) or parts[0])
    return parts[0], parts[1:]


def usable_version(asked: str, now: datetime, *, ads: bool) -> str:
    """Return the version that answers: the one asked for, or the oldest that is still usable.

    §7: an expired version falls to the next usable one, without an error. Assumption: on ads paths too, which
    are upgraded with a warning header, where Meta may also refuse with 2635.
    """
    table = _ADS_UNTIL if ads else _GRAPH_UNTIL
    usable = [name for name, until in table.items() if until is None or now.date() < until]
    return asked if asked in usable else usable[0]


def _number(version: str) -> tuple[int, int]:
    major, minor = version[1:].split(".")
    return int(major), int(minor)
