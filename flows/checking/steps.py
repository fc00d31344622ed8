"""The steps of a check around Meta: each opens the warehouse briefly, or computes in memory."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE

from flows.checking.job import CheckJob
from flows.checking.publishing import publish_now
from flows.checking.report import draw_report
from flows.checking.standing import Standing, match_members
from flows.directory_source import DirectorySource
from flows.mails.notify import notify
from flows.opening.directory import last_accepted, read_source, with_word
from flows.review.reviewing import ask
from tasks.directory.read import DirectoryRead
from tasks.errors import HubrosterError, WarehouseError
from tasks.meta.completeness import EdgeRead
from tasks.meta.store import prune_folders
from tasks.reports import write_report
from tasks.warehouse.conclude import conclude_check
from tasks.warehouse.load import HubFacts, LoadSummary, add_edges, load_check
from tasks.warehouse.snapshot import Published, newest, prune_snapshots

progress = logging.getLogger("hubroster.progress")


@dataclass(frozen=True, slots=True)
class Traffic:
    """What a check cost at Meta: HTTP requests, calls as Meta counts them, seconds waited for its limits."""

    requests: int
    calls: int
    waited_s: float = 0


def read_directory(job: CheckJob, source: DirectorySource) -> DirectoryRead:
    """Read one source and compare it with its last accepted read."""
    last = None
    if job.settings.warehouse_path.exists():
        with job.warehouse(read_only=True) as con:
            last = last_accepted(con, source.source)
    by_rule = read_source(job.settings, source, now=job.started_at, last=last)
    read = with_word(job.settings, source, by_rule)
    state = f"{len(read.people):,} people" if read.accepted else f"refused: it {read.reason}"
    if read.accepted and by_rule.reason:
        state += f", accepted by an Owner (it {by_rule.reason})"
    progress.info("Directory %s: %s", source.source, state)
    return read


def load_facts(
    job: CheckJob, edges: list[EdgeRead], directory: list[DirectoryRead], traffic: Traffic
) -> LoadSummary:
    """Merge what was read into the warehouse, in one short transaction."""
    hub = job.hub
    facts = HubFacts(hub.label, hub.business_id, job.settings.meta.graph_url, hub.app_id, hub.login_method)
    with job.warehouse() as con:
        loaded = load_check(
            con,
            hub=facts,
            check_id=job.check_id,
            started_at=job.started_at,
            folder=job.folder,
            edges=edges,
            directory=directory,
            api_version=job.settings.meta.api_version,
            requests=traffic.requests,
            calls=traffic.calls,
            waited_s=traffic.waited_s,
            now=job.settings.now(),
        )
    progress.info(
        "Warehouse: %s members, %s assets, %s grants; %s rows written",
        f"{loaded.members:,}",
        f"{loaded.assets:,}",
        f"{loaded.grants:,}",
        f"{loaded.written:,}",
    )
    return loaded


def conclude(
    job: CheckJob,
    report: dict[str, Any],
    standing: Standing,
    explained: Sequence[EdgeRead] = (),
    publish: bool = True,
) -> tuple[str, Published | None]:
    """Keep the report, store who is who, finish the check's row, and publish snapshots if it is complete.

    Without `publish` that is left to who checks many hubs. `explained` are edges that were read after the
    merge. Returns the report's id, and the newest snapshots: this check's, or the last good ones, or None.
    What fails after the check is finished says so, and where the report is: the next check won't tell these
    changes again.
    """
    settings, seated, label = job.settings, standing.seated, job.hub.label
    prune_folders(job.folder.parents[1], job.started_at - timedelta(days=settings.warehouse.raw_days))
    name = write_report(settings.home, report)
    complete = bool(report["check"]["complete"])
    with suppress(
        OSError
    ):  # what is wrong is said later; made here it is for all, below it would be ours alone
        settings.snapshot_dir.mkdir(mode=0o755, parents=True, exist_ok=True)
    with job.warehouse() as con:
        add_edges(con, job.check_id, label, explained)
        conclude_check(
            con,
            hub=label,
            check_id=job.check_id,
            started_at=job.started_at,
            finished_at=settings.now(),
            complete=complete,
            baseline=bool(report["check"]["baseline"]),
            report_id=name,
            digest=report["digest"],
            stays=seated.seats[["stay_id", "kind", "member_id"]],
            links=seated.outcomes(),
            candidates=seated.candidates_with_evidence(),
            weighed=seated.weighed,
        )
        if not (complete and publish):
            return name, newest(settings.snapshot_dir)
        try:
            published = publish_now(settings, con, job.started_at, standing)
        except HubrosterError as error:
            raise WarehouseError(f"{error} (the check is done: `hubroster report {label}`)") from error
    prune_snapshots(settings.snapshot_dir, settings.workspace.name, settings.snapshots.keep)
    return name, published


def ask_owners(job: CheckJob, report: dict[str, Any], report_id: str) -> None:
    """Open, keep or close the hub's review, and mail what is due to its Owners.

    A mail that can't be sent stays due, and is told on stderr; the check is done all the same.
    """
    ask(job.settings, job.hub.label, report, report_id)
    notify(job.settings, job.hub.label)


def step(name: str, function: Any) -> Any:
    """Return the Prefect task around a step; its result is kept nowhere."""
    return task(name=name, cache_policy=NO_CACHE, persist_result=False)(function)


read_directory_task = step("read-directory", read_directory)
load_facts_task = step("load-facts", load_facts)
match_members_task = step("match-members", match_members)
draw_report_task = step("draw-report", draw_report)
conclude_task = step("conclude-check", conclude)
ask_owners_task = step("ask-owners", ask_owners)
