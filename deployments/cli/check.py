"""`hubroster check`: one check of one hub."""

import asyncio
import os
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from deployments.cli.opening import opening_line
from deployments.cli.output import print_json, shown_progress, stderr, stdout
from deployments.cli.report_view import show_report
from flows.check_job import begin
from flows.prefect_home import settle_in
from flows.settings import Settings, load_settings
from tasks.errors import PrefectUnreachable
from tasks.reports import read_report


def check(label: str, *, json: bool = False) -> int:
    """Check a hub for updates: read Meta and the directory, match, report, publish a snapshot.

    Nothing is changed at Meta. Exits 1 when an operator must act: something could not be read, a directory
    read was refused, or a known leaver is held back.

    Parameters
    ----------
    label
        The hub's label in the configuration.
    json
        Print one object on one line, the last of stdout.
    """
    settings = load_settings()
    result = run_check(settings, label)
    if json:
        if result["held_back"]:
            held = f"{label}: {result['held_back']} known to have left are held back"
            stderr.print(f"{held}; why, and what to do: hubroster report {label}", markup=False)
        print_json(result)
    else:
        show_result(settings, result)
    return exit_code(result)


def run_check(settings: Settings, label: str) -> dict[str, Any]:
    """Run the flow in this process and return what `check --json` prints."""
    begin(settings, label).access()  # a wrong label or an unset token is told before Prefect starts
    stderr.print(f"Checking {label} with {settle_in(settings)} ...", markup=False)
    from flows.check import check_for_updates  # Prefect reads its surroundings on import

    if not os.environ.get("PREFECT_API_URL"):  # the server's modules take a second or two to import
        from flows.prefect_server import tie_server

        tie_server()
    with shown_progress():
        try:
            return asyncio.run(check_for_updates(label))
        except RuntimeError as error:
            if "ephemeral Prefect API server" not in str(error):
                raise
            raise PrefectUnreachable(
                f"Prefect's temporary server didn't start ({error}); try again, or start one with "
                "`prefect server start` and set PREFECT_API_URL"
            ) from None
        except (httpx.HTTPStatusError, httpx.TransportError) as error:  # Meta's are told as MetaError
            raise PrefectUnreachable(
                f"Prefect's server failed during the check ({type(error).__name__}); is the disk full, with "
                f"its database in {os.environ['PREFECT_HOME']}? Mend that, and check again; what is done "
                f"already stands in `hubroster report {label}`"
            ) from None


def exit_code(result: dict[str, Any]) -> int:
    """Return 1 when an operator must act, else 0."""
    from flows.check_summary import needs_an_operator

    return int(needs_an_operator(result))


def show_result(settings: Settings, result: dict[str, Any]) -> None:
    """Print the report, and the line to paste to open the snapshot."""
    report = read_report(settings.home, result["report_id"])
    show_report(report, stdout, ZoneInfo(settings.workspace.timezone))
    if result["snapshot_masked"]:
        stdout.print()
        if not result["complete"]:
            stdout.print("The last complete snapshot stands:")
        stdout.print("To look at it with SQL, without names or addresses:")
        stdout.print(f"  {opening_line(Path(result['snapshot_masked']))}", markup=False, soft_wrap=True)
