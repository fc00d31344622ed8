"""Serve the flows to a Prefect server: the daily checks, reviews, changes, the hourly reconcile.

`python -m deployments.serving` runs until SIGTERM; `hubroster up` starts it.
"""

import asyncio
import zlib
from contextlib import suppress
from datetime import time
from typing import Any

from prefect import Flow
from prefect.client.orchestration import get_client
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import TerminationSignal
from prefect.runner import Runner
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

from flows.automations import apply_changes, reconcile_hubs
from flows.check import check_for_updates
from flows.check_all import check_all_hubs
from flows.review_gate import review_hub
from flows.server.own_log import keep_log
from flows.settings import Settings, load_settings

MANY_HUBS = 20  # with more of them one run checks all, instead of one run for each


def check_time(settings: Settings, label: str) -> time:
    """Return when a hub is checked, in the workspace's time zone: each day at the same time.

    A hub alone begins at `[workspace] check_at`; several are spread over the hour that begins then, each by
    its label, so that one more hub moves none of the others (but the one that was alone).
    """
    begin = settings.workspace.check_at
    later = zlib.crc32(label.encode()) % 60 if len(settings.hubs) > 1 else 0
    hour, minute = divmod((begin.hour * 60 + begin.minute + later) % (24 * 60), 60)
    return time(hour, minute)


def _daily(at: time) -> str:
    return f"{at.minute} {at.hour} * * *"


def serve_all(settings: Settings) -> None:
    """Serve every deployment of this workspace from this process, until it is told to stop."""
    keep_log()
    # Prefect's default pauses the schedules on the way out, and where that is cut short leaves them paused.
    runner = Runner(limit=5, query_seconds=2, pause_on_shutdown=False)
    for deployment in deployments(settings):
        runner.add_deployment(deployment)
    _reconcile_now()
    with suppress(KeyboardInterrupt, TerminationSignal):
        asyncio.run(runner.start())


def _reconcile_now() -> None:
    """Have what was due while nobody served done at once, not with the next hour."""
    with get_client(sync_client=True) as client:
        hourly = client.read_deployment_by_name("reconcile/hourly")
        client.create_flow_run_from_deployment(hourly.id)


def deployments(settings: Settings) -> list[RunnerDeployment]:
    """Return what is served: daily checks, a review's form, apply on demand, reconcile hourly.

    Each hub has a daily check and all have one together. Which of the two is scheduled is a matter of how
    many hubs there are; the other one is there to be started by hand.
    """
    zone = settings.workspace.timezone
    are_many = len(settings.hubs) > MANY_HUBS
    checks = [
        _deployment(
            check_for_updates,
            f"daily-{hub.label}",
            _daily(check_time(settings, hub.label)),
            zone,
            {"label": hub.label},
            active=not are_many,
        )
        for hub in settings.hubs
    ]
    return [
        *checks,
        _deployment(check_all_hubs, "daily", _daily(settings.workspace.check_at), zone, active=are_many),
        _deployment(review_hub, "ask"),
        _deployment(apply_changes, "on-demand"),
        _deployment(reconcile_hubs, "hourly", "7 * * * *", zone),
    ]


def _deployment(
    flow: Flow[..., Any],
    name: str,
    cron: str = "",
    zone: str = "UTC",
    parameters: dict[str, str] | None = None,
    *,
    active: bool = True,
) -> RunnerDeployment:
    return RunnerDeployment.from_flow(
        flow,
        name,
        schedules=[Cron(cron, timezone=zone, active=active)] if cron else None,
        parameters=dict(parameters or {}),
        entrypoint_type=EntrypointType.MODULE_PATH,  # a path would be of this machine, and of this folder
    )


if __name__ == "__main__":
    serve_all(load_settings())
