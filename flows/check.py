"""check-for-updates: read a hub and the directory, match, report, publish. Changes nothing at Meta."""

import asyncio
import logging
from typing import Any

from prefect import flow
from prefect.runtime import flow_run
from prefect.utilities.annotations import quote

from flows.check_job import CheckJob, begin
from flows.check_standing import changed_ad_accounts
from flows.check_steps import (
    Traffic,
    conclude_task,
    draw_report_task,
    load_facts_task,
    match_members_task,
    read_directory_task,
)
from flows.check_summary import summary
from flows.settings import load_settings
from tasks.artifacts import check_markdown, publish_check
from tasks.errors import MetaError
from tasks.meta.client import MetaClient
from tasks.meta.completeness import EdgeRead
from tasks.meta.extraction import failed
from tasks.meta.steps import fetch_activities, fetch_business, fetch_grants, fetch_listings, fetch_members
from tasks.meta.wire import ASSIGNED_EDGES, EDGES

ALL_EDGES = (*EDGES, *ASSIGNED_EDGES)

progress = logging.getLogger("hubroster.progress")


def _run_name() -> str:
    return f"Check {flow_run.parameters['label']}"


@flow(name="check-for-updates", flow_run_name=_run_name, persist_result=False)
async def check_for_updates(label: str) -> dict[str, Any]:
    """Check one hub, and return what `check --json` prints."""
    job = begin(load_settings(), label)
    directory = [read_directory_task(job, source) for source in job.settings.directory]
    edges, traffic = await extract(job)
    # quote: Prefect would look through every row for futures
    loaded = load_facts_task(job, quote(edges), quote(directory), traffic)
    explained = await explain(job)
    standing = match_members_task(job)
    report = draw_report_task(job, quote([*edges, *explained]), quote(directory), loaded, quote(standing))
    concluded = conclude_task(job, quote(report), quote(standing), quote(explained))
    result = summary(job, report, *concluded)
    await publish_check(label, check_markdown(result))
    return result


async def extract(job: CheckJob) -> tuple[list[EdgeRead], Traffic]:
    """Read every edge of the hub with one client, as many at once as `[meta] concurrency` allows."""
    extraction = job.extraction()
    async with MetaClient(job.access(), say=progress.info) as client:
        try:
            await fetch_business(client, extraction)
        except MetaError as error:
            # Every edge says why; the warehouse keeps what it knows, and the check is incomplete.
            progress.error("%s", error)
            return [failed(edge, str(error)) for edge in ALL_EDGES], Traffic(client.requests, client.calls)
        progress.info("Reading members, assets and grants from Meta ...")
        listings, users, systems = await asyncio.gather(
            fetch_listings(client, extraction),
            fetch_members(client, extraction, "business_users"),
            fetch_members(client, extraction, "system_users"),
        )
        grants = await fetch_grants(client, extraction, (users, systems))
        edges = [users.listing, systems.listing, *listings, *grants]
        progress.info("Meta: %d HTTP requests, %d calls", client.requests, client.calls)
        return edges, Traffic(client.requests, client.calls)


async def explain(job: CheckJob) -> list[EdgeRead]:
    """Ask Meta's log who changed grants on ad accounts, when any differ from the last complete check."""
    since, accounts = changed_ad_accounts(job)
    if since is None or not accounts or "activities" in job.hub.skip:
        return []
    async with MetaClient(job.access(), say=progress.info) as client:
        return [await fetch_activities(client, job.extraction(), accounts, since)]
