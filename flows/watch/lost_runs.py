"""Runs that Prefect takes for running and whose process is gone: told as crashed."""

from datetime import UTC, datetime, timedelta

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.states import Crashed

from flows.checking.job import is_checked
from flows.settings import Settings

YOUNG = timedelta(minutes=1)  # it may not have taken its lock yet
LONG = timedelta(hours=6)  # of what holds no lock: longer than any of it takes
CHECK, OTHERS = "check-for-updates", ("check-all-hubs", "apply-approved", "reconcile")
LOST = "Its process ended without a word (killed, or the machine went down). The next run does what is due."


async def tell_lost(settings: Settings, client: PrefectClient) -> int:
    """Set the runs that nobody works on any more to Crashed; return how many.

    A check holds its hub's lock on this machine as long as it lives, and no longer: of a hub that is being
    checked right now nothing is said. Other runs are lost when they take longer than any does.
    """
    labels = {hub.label for hub in settings.hubs}
    lost = [
        run
        for run in await _under_way(client, CHECK)
        if (label := str(run.parameters.get("label"))) in labels
        and _is_older(run, YOUNG)
        and not is_checked(settings, label)
    ]
    for name in OTHERS:
        lost += [run for run in await _under_way(client, name) if _is_older(run, LONG)]
    for run in lost:
        await client.set_flow_run_state(run.id, Crashed(message=LOST), force=True)
    return len(lost)


def _is_older(run: FlowRun, than: timedelta) -> bool:
    began = run.start_time or run.expected_start_time
    return began is not None and datetime.now(UTC) - began > than


async def _under_way(client: PrefectClient, flow: str) -> list[FlowRun]:
    under_way = FlowRunFilterStateType(any_=[StateType.RUNNING, StateType.PENDING])
    return await client.read_flow_runs(
        flow_filter=FlowFilter(name=FlowFilterName(any_=[flow])),
        flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=under_way)),
        limit=200,  # the rest in an hour
    )
