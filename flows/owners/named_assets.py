"""Assets, tasks and roles as an Owner types them."""

from collections.abc import Sequence
from typing import Any

from flows.opening.warehouse import reading_warehouse
from flows.owners.requesting import ROLE, TASK
from flows.owners.seat_of import ActionRefused, text_of
from flows.settings import Settings
from matching.roster.words import ASSETS
from tasks.warehouse import queries

Given = tuple[str, str, tuple[str, ...]]
BY_HAND = "business_asset_group"  # Meta shows its tasks nowhere, so they are given in its settings


def known_role(role: str) -> str:
    """Return a role as Meta writes it. Raises ActionRefused for what can't be one."""
    if not ROLE.fullmatch(role):
        raise ActionRefused(
            f"{role[:20]!r} is no role of Meta's: ADMIN, EMPLOYEE and DEVELOPER are the usual ones"
        )
    return role


def asset_in(text: str) -> tuple[str, str]:
    """Return (kind, id) of KIND:ID. Raises ActionRefused."""
    kind, _, asset = text.partition(":")
    if kind not in ASSETS or not asset.removeprefix("act_").isdecimal():
        raise ActionRefused(f"an asset is KIND:ID, and KIND one of {', '.join(ASSETS)}; not {text[:30]!r}")
    return kind, asset


def given_in(text: str) -> Given:
    """Return what KIND:ID=TASK,TASK gives. Raises ActionRefused."""
    asset, _, tasks = text.partition("=")
    kind, asset_id = asset_in(asset)
    names = tuple(sorted({task.strip().upper() for task in tasks.split(",") if task.strip()}))
    if not names or not all(TASK.fullmatch(one) for one in names):
        raise ActionRefused("say which tasks, as Meta writes them: page:123=ANALYZE,ADVERTISE")
    if kind == BY_HAND:
        raise ActionRefused("tasks on an asset group are given in Meta's settings; nothing was asked")
    return kind, asset_id, names


def known_assets(
    settings: Settings, label: str, given: Sequence[Given]
) -> tuple[list[Given], list[dict[str, Any]]]:
    """Return what is given, and how it is shown. Raises ActionRefused for an asset the hub doesn't see."""
    with reading_warehouse(settings) as con:
        here = queries.hub_assets(con, label)
    names = {(row["kind"], row["asset_id"]): row["name"] for row in here.to_dict("records")}
    for kind, asset, _ in given:
        if (kind, asset) not in names:
            raise ActionRefused(f"{label} has no {kind} {asset}, as of the last check; nothing was asked")
    shown = [
        {
            "asset_kind": kind,
            "asset_id": asset,
            "asset_name": text_of(names[kind, asset]) or None,
            "tasks": list(tasks),
        }
        for kind, asset, tasks in given
    ]
    return list(given), shown
