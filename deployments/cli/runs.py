"""`hubroster runs`: what ran, runs and will run by itself."""

from zoneinfo import ZoneInfo

from deployments.cli.output import print_json, print_table, stderr
from flows.review.words import counted
from flows.server.home import settle_in
from flows.server.lasting import running_server
from flows.settings import Settings, load_settings
from flows.watch.runs import Run, has_server, runs_in_books
from tasks.errors import PrefectUnreachable

BOOKS = "warehouse and ledger"


def runs(*, hub: str | None = None, last: int = 30, json: bool = False) -> None:
    """List the runs: checks, reviews, changes and the hourly reconcile, the newest first.

    From Prefect where its server runs, with what is scheduled; else from warehouse and ledger. Says which.

    Parameters
    ----------
    hub
        Only this hub's.
    last
        How many.
    json
        Print one object on one line.
    """
    settings = load_settings()
    label = settings.hub(hub).label if hub else None
    source, found = _runs(settings, last if label is None else 10 * last)
    shown = [run for run in found if label is None or run.hub == label][:last]
    if json:
        print_json({"source": source, "runs": [run.as_json() for run in shown]})
        return
    zone = ZoneInfo(settings.workspace.timezone)
    print_table(
        f"{counted(len(shown), 'run')}, from {source}",
        [f"start ({zone.key})", "kind", "hub", "took", "state", "why", "id"],
        [_cells(run, zone) for run in shown],
    )


def _runs(settings: Settings, last: int) -> tuple[str, list[Run]]:
    if has_server() or running_server(settings):
        try:
            source = settle_in(settings)
        except PrefectUnreachable as error:
            stderr.print(f"{error}. What follows is from {BOOKS}.", markup=False, soft_wrap=True)
        else:
            from flows.watch.prefect_runs import runs_at_prefect  # Prefect reads its surroundings on import

            return source, runs_at_prefect(settings, last)
    return BOOKS, runs_in_books(settings, last)


def _cells(run: Run, zone: ZoneInfo) -> list[str]:
    start = run.start.astimezone(zone).strftime("%Y-%m-%d %H:%M") if run.start else ""
    took = _lasting(run.duration_s) if run.duration_s is not None else ""
    return [start, run.kind, run.hub, took, run.state, run.why, run.id]


def _lasting(seconds: float) -> str:
    """Return a duration as people say it: a check takes seconds, a review days."""
    for unit, name in ((86400, "days"), (3600, "h"), (60, "min")):
        if seconds >= 2 * unit:
            return f"{seconds / unit:,.0f} {name}"
    return f"{seconds:,.0f} s"
