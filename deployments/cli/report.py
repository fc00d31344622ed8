"""`hubroster report`: the report of a hub's last check, or of an earlier one."""

from zoneinfo import ZoneInfo

from deployments.cli.output import print_json, stdout
from deployments.cli.report_view import show_report
from flows.opening.warehouse import reading_warehouse
from flows.settings import load_settings
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
    if id is None:
        with reading_warehouse(settings) as con:
            id = queries.last_report(con, label)
        if id is None:
            raise InputError(f"{label} has no finished check yet: run `hubroster check {label}`")
    found = read_report(settings.home, id)
    if json:
        print_json(found)
    else:
        show_report(found, stdout, ZoneInfo(settings.workspace.timezone), limit=10**9 if all else 10)
