"""`hubroster hubs`: the hubs of the workspace and how they stand."""

from typing import Any

from deployments.cli.output import moment, print_json, print_table, records
from flows.settings import Settings, load_settings
from flows.warehouse_of import reading_warehouse
from tasks.warehouse import queries


def hubs(*, json: bool = False) -> None:
    """List the hubs: members by tab, the last check, and whether a hub was never checked.

    Parameters
    ----------
    json
        Print one object on one line.
    """
    settings = load_settings()
    rows = [_row(settings, hub.label, *_checked(settings)) for hub in settings.hubs]
    if json:
        print_json({"hubs": rows})
        return
    cells = [
        [
            row["hub"],
            row["business_name"] or row["business_id"],
            row["login_method"],
            "may change" if row["writable"] else "read-only",
            " · ".join(f"{tab} {n}" for tab, n in row["tabs"].items()) or "",
            moment(row["last_check_at"]) or "never",
            moment(row["last_complete_at"]) or "never",
        ]
        for row in rows
    ]
    print_table(
        f"{len(rows)} hubs of {settings.workspace.name}",
        ["hub", "business", "login", "access", "members", "last check", "last complete"],
        cells,
    )


def _checked(settings: Settings) -> tuple[dict[str, Any], dict[str, dict[str, int]]]:
    """Return what the warehouse knows of every hub, and its members by tab: nothing before a check."""
    if not settings.warehouse_path.exists():
        return {}, {}
    with reading_warehouse(settings) as con:
        known = {row["hub"]: row for row in records(queries.hub_list(con))}
        tabs: dict[str, dict[str, int]] = {}
        for row in records(queries.hub_tabs(con)):
            tabs.setdefault(row["hub"], {})[row["tab"]] = row["members"]
    return known, tabs


def _row(
    settings: Settings, label: str, known: dict[str, Any], tabs: dict[str, dict[str, int]]
) -> dict[str, Any]:
    hub, seen = settings.hub(label), known.get(label, {})
    return {
        "hub": label,
        "business_id": hub.business_id,
        "business_name": seen.get("business_name"),
        "login_method": hub.login_method,
        "writable": hub.write_token is not None,
        "sandbox": hub.sandbox,
        "tabs": tabs.get(label, {}),
        "last_check_at": seen.get("last_check_at"),
        "last_complete_at": seen.get("last_complete_at"),
        "report_id": seen.get("report_id"),
    }
