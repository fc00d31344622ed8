"""`hubroster report`: the report of a hub's last check, or of an earlier one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from deployments.cli.output import print_json, records, stdout
from deployments.cli.report_view import name_of, show_report
from flows.hubs.states import LATE
from flows.opening.warehouse import reading_warehouse
from flows.review.removed import removed_since
from flows.settings import Settings, load_settings
from tasks.errors import InputError
from tasks.reports import read_report
from tasks.warehouse import queries


def report(label: str, *, id: str | None = None, all: bool = False, json: bool = False) -> None:
    """Print the report of a hub's last check: leavers, unmatched members, changes, what can't be concluded.

    Parameters
    ----------
    label
        The hub's label in the configuration.
    id
        An earlier report, by its id or the first digits of it.
    all
        Show every line, however many there are.
    json
        Print the report as it is kept.
    """
    settings = load_settings()
    settings.hub(label)
    is_last = id is None
    if id is None:
        with reading_warehouse(settings) as con:
            id = queries.last_report(con, label)
        if id is None:
            raise InputError(f"{label} has no finished check yet: run `hubroster check {label}`")
    found = read_report(settings.home, id)
    if json:
        print_json(found)
    else:
        if is_last:
            _show_age(settings, found)
        _show_removed(settings, found)
        show_report(found, stdout, settings.zone, limit=10**9 if all else 10)


def _show_age(settings: Settings, report: Mapping[str, Any]) -> None:
    """Say of a last report that it is old: what it says of nobody is no word about today."""
    age = settings.now() - datetime.fromisoformat(report["check"]["started_at"])
    if age > LATE:
        what = f"hubroster check {report['hub']['label']}"
        told = (
            f"{age.days} days old, and no check came to its end since; who left meanwhile isn't in it: {what}"
        )
        stdout.print(told, style="bold red", markup=False, soft_wrap=True)


def _show_removed(settings: Settings, report: Mapping[str, Any]) -> None:
    """Say who of a report was removed since, so that nobody looks for a seat that is gone."""
    label = report["hub"]["label"]
    began = datetime.fromisoformat(report["check"]["started_at"])
    removed = removed_since(settings, {label: began})
    told = {p["member"]["member_id"]: name_of(p["member"]) for p in report["proposals"]}
    names = _names(settings, label) | told if removed else told
    for (_, member_id), at in removed.items():
        who = names.get(member_id) or f"member {member_id}"
        when = f"{at.astimezone(settings.zone):%d %b %Y %H:%M %Z}"
        stdout.print(
            f"Removed since this check: {who}, {when}", style="bold green", markup=False, soft_wrap=True
        )


def _names(settings: Settings, label: str) -> dict[str, str]:
    """Return member id → name, of the members of the last check."""
    with reading_warehouse(settings) as con:
        rows = records(queries.roster(con, label, settings.directory_order))
    return {row["member_id"]: row["name"] or row["email"] or "" for row in rows}
