"""How each hub of the workspace stands: what the last checks left in the warehouse, and a word for it."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from flows.checking.standing import known_people
from flows.opening.warehouse import reading_warehouse
from flows.review.removed import removed_since_last_checks
from flows.sections import Hub
from flows.settings import Settings
from matching.people.sources import OnePerPerson
from tasks.warehouse import queries

LATE = timedelta(hours=48)  # checks are daily
STATES = (
    "never checked",
    "late",
    "incomplete",
    "directory refused",
    "leavers",
    "unmatched",
    "missing",
    "sources disagree",
    "in order",
)
LEFT_ELSEWHERE = "left elsewhere"


def hub_states(settings: Settings) -> list[dict[str, Any]]:
    """Return one object per hub, those that need somebody first; times are UTC, None for never.

    `leavers`: members who are linked to somebody who left, open invitations included; `missing`: to somebody
    who is not in the directory any more; `left_elsewhere`: to somebody who has left by a source of the
    directory that hasn't the word. Who is excepted is none of them. `removed_since`: members who were
    removed since the last check, and count until the next. `state`, the first of `STATES` that
    holds. Within a state the hub with most leavers comes first, else the order is that of the settings.
    """
    (known, members, removed), now = _remembered(settings), settings.now()
    rows = [
        _row(hub, known.get(hub.label, {}), members.get(hub.label, []), now)
        | {"removed_since": removed[hub.label]}
        for hub in settings.hubs
    ]
    return sorted(rows, key=lambda row: (STATES.index(row["state"]), -row["leavers"]))


def _remembered(
    settings: Settings,
) -> tuple[dict[str, dict[str, Any]], dict[str, list[dict[str, Any]]], Counter[str]]:
    """Return what the warehouse knows of every hub, counts of its members, and how many were removed since.

    Nothing before a check.
    """
    if not settings.warehouse_path.exists():
        return {}, {}, Counter()
    with reading_warehouse(settings) as con:
        order, told = settings.directory_order, dict[str, str]()
        if len(order) > 1:
            told = _of_several_sources(known_people(con, order))
        hubs, counts = queries.hub_list(con), queries.hub_tabs(con, order, told)
        removed = Counter(label for label, _ in removed_since_last_checks(settings, con))
    members: dict[str, list[dict[str, Any]]] = {}
    for row in counts.to_dict("records"):
        members.setdefault(row["hub"], []).append({str(k): v for k, v in row.items()})
    known = {row["hub"]: {str(k): v for k, v in row.items()} for row in hubs.to_dict("records")}
    return known, members, removed


def _of_several_sources(known: OnePerPerson) -> dict[str, str]:
    """Return person_id → status, as matching takes it, of who has several ids, or has left elsewhere."""
    several = known.people[known.people["person_id"].isin(list(known.ids.values()))]
    told = dict(zip(several["person_id"], several["status"], strict=True))
    return told | dict.fromkeys(known.left_elsewhere, LEFT_ELSEWHERE)


def _row(hub: Hub, seen: dict[str, Any], members: list[dict[str, Any]], now: datetime) -> dict[str, Any]:
    last, complete = _moment(seen.get("last_check_at")), _moment(seen.get("last_complete_at"))
    tabs: Counter[str] = Counter()
    persons: Counter[str] = Counter()
    for row in members:
        tabs[row["tab"]] += row["members"]
        if row["tab"] != "exempted":
            persons[str(row["person_status"])] += row["members"]
    leavers, missing = persons["deprovisioned"], persons["missing"]
    refused = int(seen.get("directory_refused", 0))
    return {
        "hub": hub.label,
        "business_id": hub.business_id,
        "business_name": _text(seen.get("business_name")),
        "login_method": hub.login_method,
        "writable": hub.write_token is not None,
        "sandbox": hub.sandbox,
        "members": sum(tabs.values()),
        "tabs": dict(tabs),
        "leavers": leavers,
        "missing": missing,
        "left_elsewhere": persons[LEFT_ELSEWHERE],
        "directory_refused": refused,
        "last_check_at": last.isoformat(timespec="seconds") if last else None,
        "last_complete_at": complete.isoformat(timespec="seconds") if complete else None,
        "report_id": _text(seen.get("report_id")),
        "state": _dated(last, complete, now)
        or _settled(refused, leavers, tabs["unmatched"], missing, persons[LEFT_ELSEWHERE]),
    }


def _dated(last: datetime | None, complete: datetime | None, now: datetime) -> str:
    """Return what is wrong with the last check itself, nothing where it can be gone by."""
    if last is None:
        return "never checked"
    if now - last > LATE:
        return "late"
    return "" if last == complete else "incomplete"


def _settled(refused: int, leavers: int, unmatched: int, missing: int, disputed: int) -> str:
    """Return the worst that was found. Nobody knows whether those who are unmatched or missing have left."""
    found = {"directory refused": refused, "leavers": leavers, "unmatched": unmatched, "missing": missing}
    found["sources disagree"] = disputed
    return next((state for state, count in found.items() if count), "in order")


def _moment(value: Any) -> datetime | None:
    return None if value is None or pd.isna(value) else value.to_pydatetime()


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
