"""`hubroster preflight`: is everything connected as it must be."""

from typing import Any

from deployments.cli.output import print_json, print_table, stderr, stdout
from flows.preflight.run import Preflight
from flows.preflight.run import preflight as look
from flows.settings import load_settings
from matching.preflight.point import Point

WORDS = {"ok": "ok", "look": "look", "broken": "BROKEN", "unknown": "unknown"}


def preflight(label: str | None = None, *, json: bool = False) -> int:
    """Look whether a hub, or every hub, is connected as it must be, and say what to mend and how.

    Nothing is written anywhere. Exits 1 when something is broken.

    Parameters
    ----------
    label
        The hub's label in the configuration; without it all hubs are looked at.
    json
        Print one object on one line.
    """
    settings = load_settings()
    hubs = settings.hubs if label is None else [settings.hub(label)]
    found = look(settings, hubs)
    if json:
        print_json(as_json(found))
    else:
        show_preflight(found)
    return int(bool(found.broken))


def as_json(found: Preflight) -> dict[str, Any]:
    """Return what `preflight --json` prints."""
    hubs = [
        {"hub": label, "points": [_point(point) for point in points]} for label, points in found.hubs.items()
    ]
    return {
        "hubs": hubs,
        "workspace": [_point(point) for point in found.workspace],
        "broken": len(found.broken),
    }


def show_preflight(found: Preflight) -> None:
    """Print the points, each with what to do about it."""
    for label, points in (*found.hubs.items(), ("the workspace", found.workspace)):
        print_table(label, ["", "point", "how it stands"], [row for point in points for row in _rows(point)])
        stdout.print()
    every = [*found.workspace, *(point for points in found.hubs.values() for point in points)]
    counts = {state: sum(point.state == state for point in every) for state in WORDS}
    told = ", ".join(f"{n} {WORDS[state]}" for state, n in counts.items() if n)
    stderr.print(f"{told}; nothing was changed", markup=False)


def _point(point: Point) -> dict[str, str]:
    return {
        "point": point.name,
        "state": point.state,
        "said": point.said,
        "mend": point.mend,
        "link": point.link if point.mend else "",
    }


def _rows(point: Point) -> list[list[str]]:
    rows = [[WORDS[point.state], point.name, point.said]]
    return [*rows, ["", "", f"→ {point.mend} ({point.link})"]] if point.mend else rows
