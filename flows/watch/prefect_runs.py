"""The runs that a Prefect server knows of, in our words."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort

from flows.settings import Settings
from flows.watch.runs import (
    APPLY,
    CHECK,
    COMPLETED,
    RECONCILE,
    REVIEW,
    SCHEDULED,
    WAITING,
    Run,
    checks_in_warehouse,
    newest_first,
)
from tasks.secret_words import without_secrets

KINDS = {
    "check-for-updates": CHECK,
    "check-all-hubs": CHECK,
    "apply-approved": APPLY,
    "review": REVIEW,
    "reconcile": RECONCILE,
}
AT_ONCE = 200  # what Prefect gives
LONGEST = 200
BEGUN: list[StateType] = [one for one in StateType if one is not StateType.SCHEDULED]


def runs_at_prefect(settings: Settings, last: int) -> list[Run]:
    """Return the newest runs, and the next one of each kind and hub, newest first.

    Prefect's word is whether a check ran; what it found is the warehouse's, which is looked up beside it.
    """
    with get_client(sync_client=True) as client:
        begun = _read(client, BEGUN, FlowRunSort.START_TIME_DESC, last)
        due = _read(client, [StateType.SCHEDULED], FlowRunSort.EXPECTED_START_TIME_ASC, 5 * AT_ONCE)
    checks = checks_in_warehouse(settings, last)
    next_ones: dict[tuple[str, str], Run] = {}
    for run in due:
        next_ones.setdefault((run.kind, run.hub), run)
    return newest_first([*next_ones.values(), *(_with_outcome(run, checks) for run in begun)])


def _read(client: SyncPrefectClient, states: list[StateType], sort: FlowRunSort, most: int) -> list[Run]:
    found: list[Run] = []
    for name, kind in KINDS.items():
        for offset in range(0, most, AT_ONCE):
            page = client.read_flow_runs(
                flow_filter=FlowFilter(name=FlowFilterName(any_=[name])),
                flow_run_filter=FlowRunFilter(
                    state=FlowRunFilterState(type=FlowRunFilterStateType(any_=states))
                ),
                sort=sort,
                limit=min(AT_ONCE, most - offset),
                offset=offset,
            )
            found += [_run(kind, one) for one in page]
            if len(page) < AT_ONCE:
                break
    in_turn = newest_first(found)
    return in_turn[:most] if sort is FlowRunSort.START_TIME_DESC else in_turn[::-1]


def _run(kind: str, run: FlowRun) -> Run:
    hub = str(run.parameters.get("label") or str(run.parameters.get("review") or "").rpartition("-")[0])
    start = run.start_time or run.expected_start_time
    took = (run.end_time or datetime.now(UTC)) - run.start_time if run.start_time else None
    state = (run.state and run.state.name) or "unknown"
    why = " ".join(without_secrets((run.state and run.state.message) or "").split())[:LONGEST]
    if run.state and run.state.type is StateType.PAUSED:
        state, why = WAITING, "for an answer of the Owners: " + (run.name or "")
    elif run.state and run.state.type is StateType.COMPLETED:
        # a check that would exit 1 says so in the name of its state, and for what
        state, why = COMPLETED, "" if state == COMPLETED else why
    elif run.state and run.state.type is StateType.SCHEDULED:
        state, why, took = state if state == "Late" else SCHEDULED, "", None
    return Run(str(run.id), kind, hub, start, _seconds(took), state, why)


def _with_outcome(run: Run, checks: Sequence[Run]) -> Run:
    """Return a check's run with what the check found: the one of its hub that began while it ran."""
    if run.kind != CHECK or run.start is None or run.state != COMPLETED:
        return run
    end = run.start + timedelta(seconds=run.duration_s or 0)
    for check in checks:
        if check.hub == run.hub and check.start and run.start <= check.start <= end:
            return Run(run.id, run.kind, run.hub, run.start, run.duration_s, run.state, run.why or check.why)
    return run


def _seconds(took: timedelta | None) -> float | None:
    return None if took is None else round(took.total_seconds(), 1)
