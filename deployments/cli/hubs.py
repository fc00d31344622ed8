"""`hubroster hubs`: the hubs of the workspace and how they stand."""

from collections import Counter
from typing import Any

from deployments.cli.output import day, print_json, print_table, stderr
from flows.hubs.states import STATES, hub_states
from flows.review.words import counted
from flows.server.lasting import running_server
from flows.settings import load_settings

_WORDS = {
    "never checked": "never checked",
    "late": "not checked for two days",
    "incomplete": "not read to the end",
    "directory refused": "checked by an older directory",
    "leavers": "with people who left",
    "unmatched": "with people nobody knows",
    "missing": "with people whom the directory lacks",
    "sources disagree": "with people who left by one source only",
    "in order": "in order",
}
COLUMNS = ["hub", "business", "state", "leavers", "members", "last check", "last complete", "login", "access"]


def hubs(*, json: bool = False) -> None:
    """List the hubs, those that need somebody first: who has left, members by tab, the last check.

    Parameters
    ----------
    json
        Print one object on one line.
    """
    settings = load_settings(needs_hub=False)
    rows = hub_states(settings)
    if json:
        print_json({"hubs": rows})
        return
    cells = [
        [
            row["hub"],
            row["business_name"] or row["business_id"],
            row["state"],
            str(row["leavers"] or ""),
            _members(row),
            day(row["last_check_at"], settings.zone) or "never",
            day(row["last_complete_at"], settings.zone) or "never",
            row["login_method"],
            "may change" if row["writable"] else "read-only",
        ]
        for row in rows
    ]
    counts = Counter(row["state"] for row in rows)
    told = ", ".join(f"{counts[state]} {_WORDS[state]}" for state in STATES if counts[state])
    print_table(
        f"{counted(len(rows), 'hub')} of {settings.workspace.name}: {told or 'none yet'}", COLUMNS, cells
    )


def _members(row: dict[str, Any]) -> str:
    """Return how many members there are by tab, and that some were removed since they were counted."""
    if not row["tabs"]:
        return ""
    gone = f" ({row['removed_since']} removed since)" if row["removed_since"] else ""
    return f"{row['members']}{gone}: " + " · ".join(f"{tab} {n}" for tab, n in row["tabs"].items())


def tell_up() -> None:
    """Say that a running `up` serves the hubs that there were when it started."""
    if running_server(load_settings(needs_hub=False)):
        told = "`hubroster up` runs, and knows the hubs of its start: stop it and start it again."
        stderr.print(told, soft_wrap=True)
