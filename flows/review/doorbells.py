"""One suspended run of `review` per open review, on a Prefect server that lasts; a dead one is replaced."""

import asyncio
import logging
import os
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

import httpx
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterTags
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.exceptions import ObjectNotFound, PrefectException
from prefect.states import Cancelled, Scheduled

progress = logging.getLogger("hubroster.progress")

DEPLOYMENT = "review/ask"
APPLY = "apply-approved/on-demand"
TAG = "hubroster-review"
LIVES = {StateType.SCHEDULED, StateType.PENDING, StateType.RUNNING, StateType.PAUSED}
PAGE = 200  # runs that Prefect gives at once


async def ring(reviews: Iterable[str], *, all_known: bool = True) -> None:
    """See to it that each of these open reviews has one living run, and that no other review has one.

    `all_known`: whether these are all that are open; while it isn't known, no run is cancelled.
    """
    wanted = set(reviews)
    async with get_client() as client:
        try:
            deployment = await client.read_deployment_by_name(DEPLOYMENT)
        except ObjectNotFound:  # this server doesn't serve reviews: page and command line do all there is
            return
        for run in await _runs(client, TAG):
            if all_known and _is_alive(run) and run.parameters.get("review") not in wanted:
                await client.set_flow_run_state(run.id, Cancelled(message="The review is over."), force=True)
        for review in sorted(wanted):
            await _ring_one(client, deployment.id, review)


def apply_soon(label: str, when: datetime) -> bool:
    """Have a lasting server apply a hub's approved changes at a time; say whether one will.

    Where none does, or it can't be asked now, the hourly reconcile carries them out.
    """
    if not os.environ.get("PREFECT_API_URL"):
        return False
    try:
        return asyncio.run(_apply_at(label, when))
    except (httpx.HTTPError, PrefectException, OSError) as error:
        progress.info("Prefect could not be asked to apply (%s): the hourly run will", type(error).__name__)
        return False


async def _apply_at(label: str, when: datetime) -> bool:
    async with get_client() as client:
        try:
            deployment = await client.read_deployment_by_name(APPLY)
        except ObjectNotFound:
            return False
        await client.create_flow_run_from_deployment(
            deployment.id,
            parameters={"label": label},
            state=Scheduled(scheduled_time=when + timedelta(seconds=1)),
            idempotency_key=f"apply:{label}:{when.isoformat(timespec='seconds')}",
        )
        return True


async def _ring_one(client: PrefectClient, deployment: UUID, review: str) -> None:
    runs = await _runs(client, f"{TAG}:{review}")
    if any(_is_alive(run) for run in runs):
        return
    await client.create_flow_run_from_deployment(
        deployment,
        parameters={"review": review},
        idempotency_key=f"{review}:{len(runs) + 1}",  # two reconciles at once make one run
        tags=[TAG, f"{TAG}:{review}"],
    )
    progress.info("Review %s can be answered at Prefect's page as well", review)


async def _runs(client: PrefectClient, tag: str) -> list[FlowRun]:
    """Return all runs of a tag, however many: one that isn't seen would be rung again, or never cancelled."""
    wanted = FlowRunFilter(tags=FlowRunFilterTags(all_=[tag]))
    found: dict[UUID, FlowRun] = {}
    for offset in count(0, PAGE):
        page = await client.read_flow_runs(
            # newest first: what is made meanwhile shows a run twice, and hides none
            flow_run_filter=wanted,
            sort=FlowRunSort.ID_DESC,
            limit=PAGE,
            offset=offset,
        )
        found |= {run.id: run for run in page}
        if len(page) < PAGE:
            break
    return list(found.values())


def _is_alive(run: FlowRun) -> bool:
    return run.state is not None and run.state.type in LIVES
