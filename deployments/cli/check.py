"""`hubroster check`: one check of one hub, or of all."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

import httpx
from cyclopts import Parameter

from deployments.cli.check_all import check_every_hub
from deployments.cli.opening import opening_line
from deployments.cli.output import print_json, shown_progress, stderr, stdout
from deployments.cli.report_view import show_report
from flows.checking.job import begin
from flows.review.words import counted
from flows.server.home import settle_in
from flows.settings import Settings, load_settings
from tasks.errors import PrefectUnreachable, UsageError
from tasks.reports import read_report

MOST_AT_ONCE = 64

Result = TypeVar("Result")


def check(
    label: str | None = None,
    *,
    every: Annotated[bool, Parameter(name="--all")] = False,
    at_once: int | None = None,
    json: bool = False,
) -> int:
    """Check a hub for updates, or all: read Meta and the directory, match, report, publish a snapshot.

    Nothing is changed at Meta. Exits 1 when an operator must act: something could not be read, a directory
    read was refused, or a known leaver is held back.

    Parameters
    ----------
    label
        The hub's label in the configuration.
    every
        Check all hubs, some at once, and publish one snapshot at the end.
    at_once
        With --all: how many hubs at once (4); each takes a process of some 400 MB.
    json
        Print one object on one line, the last of stdout; with --all one for each hub, as its check ends.
    """
    if not every and (label is None or at_once is not None):
        raise UsageError("name a hub, or say --all (with --at-once N, if you like)")
    if every and (label is not None or (at_once is not None and not 1 <= at_once <= MOST_AT_ONCE)):
        raise UsageError(f"--all takes no label, and --at-once a number from 1 to {MOST_AT_ONCE}")
    settings = load_settings()
    if label is None:
        return check_all(settings, at_once, json=json)
    result = run_check(settings, label)
    if json:
        if result["held_back"]:
            held = f"{label}: {counted(result['held_back'], 'known leaver')} can't be removed yet"
            told = f"{held}; why, and what to do: hubroster report {label}"
            stderr.print(told, markup=False, soft_wrap=True)
        print_json(result)
    else:
        show_result(settings, result)
    return exit_code(result)


def check_all(settings: Settings, at_once: int | None, *, json: bool) -> int:
    """Check every hub, and return 0; what needs an operator is raised at the end."""
    told = f"Checking {counted(len(settings.hubs), 'hub')} with {settle_in(settings)} ..."
    stderr.print(told, markup=False, soft_wrap=True)
    _with_prefect(lambda: check_every_hub(at_once, json=json), "hubs")
    return 0


def run_check(settings: Settings, label: str) -> dict[str, Any]:
    """Run the flow in this process and return what `check --json` prints."""
    begin(settings, label).access()  # a wrong label or an unset token is told before Prefect starts
    stderr.print(f"Checking {label} with {settle_in(settings)} ...", markup=False, soft_wrap=True)
    from flows.check import check_for_updates  # Prefect reads its surroundings on import

    return _with_prefect(lambda: asyncio.run(check_for_updates(label)), f"report {label}")


def _with_prefect(work: Callable[[], Result], told_by: str) -> Result:
    """Do the work, with its progress on stderr; what Prefect's server fails at is told in one line."""
    if not os.environ.get("PREFECT_API_URL"):  # the server's modules take a second or two to import
        from flows.server.temporary import tie_server

        tie_server()
    with shown_progress():
        try:
            return work()
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
                f"already stands in `hubroster {told_by}`"
            ) from None


def exit_code(result: dict[str, Any]) -> int:
    """Return 1 when an operator must act, else 0."""
    from flows.checking.summary import needs_an_operator

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
