"""A real server of Prefect's: schedules, runs of lost processes, many doorbells, and how runs are shown."""

import asyncio
from datetime import time, timedelta
from uuid import UUID

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterId
from prefect.client.schemas.objects import FlowRun
from prefect.states import Cancelled, Running

from deployments.serving import check_time, deployments
from flows.check import check_for_updates
from flows.review import doorbells
from flows.watch import lost_runs
from flows.watch.lost_runs import tell_lost
from flows.watch.prefect_runs import runs_at_prefect
from tests.flows.owned_hub import OwnedHub


@pytest.mark.usefixtures("prefect_api")
def test_prefect_schedules_the_daily_check_and_the_hourly_reconcile(owned: OwnedHub) -> None:
    """With SQLAlchemy 2.1 Prefect 3.8's scheduler fails in its log, and no check would ever run by itself."""
    planned = {}
    for one in deployments(owned.settings):
        if one.schedules:
            id = one.apply()
            with get_client(sync_client=True) as client:
                client.request("POST", "/deployments/{id}/schedule", path_params={"id": str(id)})
                found = client.read_flow_runs(
                    deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[id]))
                )
            planned[one.name] = {run.state.name for run in found if run.state}

    assert planned == {
        "daily-agency": {"Scheduled"},
        "daily": set(),  # of all hubs at once: only where there are many
        "hourly": {"Scheduled"},
    }


def test_a_hub_alone_is_checked_at_the_minute_and_several_are_spread_over_an_hour(owned: OwnedHub) -> None:
    """No hub's minute changes when another is connected or disconnected."""
    late = owned.settings.workspace.model_copy(update={"check_at": time(23, 45)})
    (hub,) = owned.settings.hubs
    alone = owned.settings.model_copy(update={"workspace": late})
    more = [hub.model_copy(update={"label": f"hub{n}"}) for n in range(200)]
    many, fewer = (alone.model_copy(update={"hubs": (hub, *more[:n])}) for n in (200, 7))

    assert check_time(alone, "agency") == time(23, 45)
    times = {one.label: check_time(many, one.label) for one in many.hubs}
    assert {one.label: check_time(fewer, one.label) for one in fewer.hubs}.items() <= times.items()
    later = {(at.hour * 60 + at.minute - 23 * 60 - 45) % (24 * 60) for at in times.values()}
    assert max(later) < 60
    assert len(later) > 50


@pytest.mark.usefixtures("prefect_api")
def test_a_check_whose_process_is_gone_is_told_as_crashed(
    owned: OwnedHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that began just now is left alone, and so is one of a hub that isn't ours."""
    with get_client(sync_client=True) as client:
        lost, foreign = (
            client.create_flow_run(check_for_updates, parameters={"label": label}, state=Running())
            for label in ("agency", "other")
        )

    async def tell() -> int:
        async with get_client() as client:
            return await tell_lost(owned.settings, client)

    assert asyncio.run(tell()) == 0
    monkeypatch.setattr(lost_runs, "YOUNG", timedelta(0))
    assert asyncio.run(tell()) == 1
    shown = {run.id: run for run in runs_at_prefect(owned.settings, 50)}
    assert shown[str(lost.id)].state == "Crashed"
    assert "ended without a word" in shown[str(lost.id)].why
    assert shown[str(lost.id)].hub == "agency"
    assert shown[str(foreign.id)].state == "Running"
    with get_client(sync_client=True) as client:
        client.set_flow_run_state(foreign.id, Cancelled(), force=True)


@pytest.mark.usefixtures("prefect_api")
def test_every_run_of_a_tag_is_read_however_many_there_are(
    owned: OwnedHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that isn't seen would be rung a second time, or never be cancelled."""
    monkeypatch.setattr(doorbells, "PAGE", 3)
    with get_client(sync_client=True) as client:
        made = {
            client.create_flow_run(check_for_updates, parameters={"label": "x"}, tags=["many"]).id
            for _ in range(7)
        }

    async def read() -> list[FlowRun]:
        async with get_client() as client:
            return await doorbells._runs(client, "many")

    found: list[UUID] = [run.id for run in asyncio.run(read())]
    assert len(found) == 7
    assert set(found) == made
