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

from flows.check_job import is_checked
from flows.settings import Settings

YOUNG = timedelta(minutes=1)  # it may not have taken its lock yet
LOST = "Its process ended without a word (killed, or the machine went down). The next run does what is due."


async def tell_lost(settings: Settings, client: PrefectClient) -> int:
    """Set checks that nobody runs on this machine any more to Crashed; return how many.

    A check holds its hub's lock as long as it lives, and no longer. Of a hub that is being checked right now
    nothing is said, nor of hubs that aren't ours.
    """
    labels = {hub.label for hub in settings.hubs}
    lost = 0
    for run in await _running_checks(client):
        label = run.parameters.get("label")
        began = run.start_time or run.expected_start_time
        old = began is not None and datetime.now(UTC) - began > YOUNG
        if label in labels and old and not is_checked(settings, str(label)):
            await client.set_flow_run_state(run.id, Crashed(message=LOST), force=True)
            lost += 1
    return lost


async def _running_checks(client: PrefectClient) -> list[FlowRun]:
    running = FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.RUNNING]))
    return await client.read_flow_runs(
        flow_filter=FlowFilter(name=FlowFilterName(any_=["check-for-updates"])),
        flow_run_filter=FlowRunFilter(state=running),
        limit=200,
    )
