"""How each hub of the workspace stands: what the last checks left in the warehouse, and a word for it."""

from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from flows.opening.warehouse import reading_warehouse
from flows.settings import Hub, Settings
from tasks.warehouse import queries

LATE = timedelta(hours=48)  # checks are daily
STATES = ("never checked", "late", "incomplete", "leavers", "unmatched", "in order")


def hub_states(settings: Settings) -> list[dict[str, Any]]:
    """Return one object per hub, those that need somebody first; times are UTC, None for never.

    `leavers`: members who are linked to somebody who left. `state`, the first of `STATES` that holds. Within
    a state the hub with most leavers comes first, else the order is that of the settings.
    """
    (known, tabs), now = _remembered(settings), settings.now()
    rows = [_row(hub, known.get(hub.label, {}), tabs.get(hub.label, {}), now) for hub in settings.hubs]
    return sorted(rows, key=lambda row: (STATES.index(row["state"]), -row["leavers"]))


def _remembered(settings: Settings) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, int]]]:
    """Return what the warehouse knows of every hub, and its members by tab: nothing before a check."""
    if not settings.warehouse_path.exists():
        return {}, {}
    with reading_warehouse(settings) as con:
        hubs, counts = queries.hub_list(con), queries.hub_tabs(con)
    tabs: dict[str, dict[str, int]] = {}
    for row in counts.to_dict("records"):
        tabs.setdefault(row["hub"], {})[row["tab"]] = row["members"]
    return {row["hub"]: {str(k): v for k, v in row.items()} for row in hubs.to_dict("records")}, tabs


def _row(hub: Hub, seen: dict[str, Any], tabs: dict[str, int], now: datetime) -> dict[str, Any]:
    last, complete = _moment(seen.get("last_check_at")), _moment(seen.get("last_complete_at"))
    leavers = tabs.get("deprovisioned", 0)
    return {
        "hub": hub.label,
        "business_id": hub.business_id,
        "business_name": _text(seen.get("business_name")),
        "login_method": hub.login_method,
        "writable": hub.write_token is not None,
        "sandbox": hub.sandbox,
        "members": sum(tabs.values()),
        "tabs": tabs,
        "leavers": leavers,
        "last_check_at": last.isoformat(timespec="seconds") if last else None,
        "last_complete_at": complete.isoformat(timespec="seconds") if complete else None,
        "report_id": _text(seen.get("report_id")),
        "state": _state(last, complete, tabs, now),
    }


def _state(last: datetime | None, complete: datetime | None, tabs: dict[str, int], now: datetime) -> str:
    if last is None:
        return "never checked"
    if now - last > LATE:
        return "late"
    if last != complete:
        return "incomplete"
    if tabs.get("deprovisioned"):
        return "leavers"
    return "unmatched" if tabs.get("unmatched") else "in order"  # nobody knows whether those have left


def _moment(value: Any) -> datetime | None:
    return None if value is None or pd.isna(value) else value.to_pydatetime()


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
