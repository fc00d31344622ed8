"""check-for-updates: read a hub and the directory, match, report, publish. Changes nothing at Meta."""

import logging
from typing import Any, cast

from prefect import flow
from prefect.context import SyncClientContext
from prefect.runtime import flow_run
from prefect.states import Completed
from prefect.utilities.annotations import quote

from flows.checking.job import CheckJob, alone, begin
from flows.checking.reading import Readers, read_hub
from flows.checking.standing import changed_ad_accounts
from flows.checking.steps import (
    Traffic,
    ask_owners_task,
    conclude_task,
    draw_report_task,
    load_facts_task,
    match_members_task,
    read_directory_task,
)
from flows.checking.summary import summary, what_is_wrong
from flows.review.reviewing import decisions_of
from flows.server.own_log import keep_log
from flows.settings import load_settings
from tasks.artifacts import check_markdown, publish_check
from tasks.meta.client import MetaClient
from tasks.meta.completeness import EdgeRead
from tasks.meta.steps import fetch_activities, fetch_business, fetch_grants, fetch_listings, fetch_members

_READERS = Readers(fetch_business, fetch_listings, fetch_members, fetch_grants)

NEEDS_AN_OPERATOR = "Needs an operator"

progress = logging.getLogger("hubroster.progress")
log = logging.getLogger("hubroster.runs")


def _run_name() -> str:
    return f"Check {flow_run.parameters['label']}"


@flow(name="check-for-updates", flow_run_name=_run_name, persist_result=False)
async def check_for_updates(label: str, publish: bool = True) -> dict[str, Any]:
    """Check one hub, and return what `check --json` prints.

    Without `publish` no snapshot is made: check-all-hubs makes one at its end.
    """
    keep_log()
    settings = load_settings()
    # With a client at hand no task makes one of its own, which would read the certificates each time
    with SyncClientContext.get_or_create():
        async with alone(settings, label):
            # read again: whom it waited for may have disconnected the hub
            result = await _check(begin(load_settings(), label), publish)
    state = "complete" if result["complete"] else "not complete"
    log.info("Checked %s: %s, %d members, %d held back", label, state, result["members"], result["held_back"])
    return told_to_prefect(label, result)


def told_to_prefect(label: str, result: dict[str, Any]) -> dict[str, Any]:
    """Return the result, in a state with another name than Completed where the check would exit 1."""
    if not (wrong := what_is_wrong(result)):
        return result
    message = f"{', '.join(wrong)}: hubroster report {label}"
    return cast("dict[str, Any]", Completed(name=NEEDS_AN_OPERATOR, message=message, data=result))


async def _check(job: CheckJob, publish: bool) -> dict[str, Any]:
    directory = [read_directory_task(job, source) for source in job.settings.directory]
    edges, traffic = await extract(job)
    # quote: Prefect would look through every row for futures
    loaded = load_facts_task(job, quote(edges), quote(directory), traffic)
    directory = [read.told() for read in directory]
    explained = await explain(job)
    standing = match_members_task(job, decisions_of(job.settings, job.hub.label))
    report = draw_report_task(job, quote([*edges, *explained]), quote(directory), loaded, quote(standing))
    concluded = conclude_task(job, quote(report), quote(standing), quote(explained), publish)
    result = summary(job, report, *concluded)
    ask_owners_task(job, quote(report), result["report_id"])
    await publish_check(job.hub.label, check_markdown(result))
    return result


async def extract(job: CheckJob) -> tuple[list[EdgeRead], Traffic]:
    """Read the hub, each reading as a Prefect task."""
    async with MetaClient(job.access(), say=progress.info, now=job.settings.now) as client:
        return await read_hub(job, client, _READERS)


async def explain(job: CheckJob) -> list[EdgeRead]:
    """Ask Meta's log who changed grants on ad accounts, when any differ from the last complete check."""
    since, accounts = changed_ad_accounts(job)
    if since is None or not accounts or "activities" in job.hub.skip:
        return []
    async with MetaClient(job.access(), say=progress.info) as client:
        return [await fetch_activities(client, job.extraction(), accounts, since)]
