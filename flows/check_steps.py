"""The steps of a check around Meta: each opens the warehouse briefly, or computes in memory."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
from prefect import task
from prefect.cache_policies import NO_CACHE

from flows.check_job import CheckJob, pseudonym_key
from flows.settings import DirectorySource
from matching.people.link import Policy
from matching.roster.changes import Differences, list_changes
from matching.roster.findings import findings
from matching.roster.proposals import Ground
from matching.roster.removals import leavers, removals
from matching.roster.report import assemble
from matching.roster.resolutions import resolutions, unmatched
from matching.roster.seats import Seated, seat_members
from matching.roster.tabs import count_tabs
from tasks.directory.file import read_people_file
from tasks.directory.read import DirectoryRead
from tasks.directory.verdict import LastAccepted
from tasks.meta.activities import log_entries
from tasks.meta.completeness import EdgeRead, is_complete
from tasks.meta.store import prune_folders
from tasks.reports import write_report
from tasks.warehouse import queries
from tasks.warehouse.conclude import conclude_check
from tasks.warehouse.load import HubFacts, LoadSummary, add_edges, load_check
from tasks.warehouse.snapshot import Published, newest, prune_snapshots, publish

progress = logging.getLogger("hubroster.progress")

MOST_ACCOUNTS_EXPLAINED = 200  # four batches of calls; a longer list is a reorganisation, not a deed
_RIGHTS_EDGES = ("assigned_pages", "assigned_ad_accounts")
_LISTINGS = ("business_users", "pending_users")


@dataclass(frozen=True, slots=True)
class Traffic:
    """What a check cost at Meta: HTTP requests, and calls as Meta counts them."""

    requests: int
    calls: int


def source_name(source: DirectorySource) -> str:
    """Return what a directory source is called in the warehouse and in messages."""
    return f"file:{source.path.name}"


def read_directory(job: CheckJob, source: DirectorySource) -> DirectoryRead:
    """Read one source and compare it with its last accepted read."""
    path = job.settings.beside_config(source.path)
    name = source_name(source)
    last = None
    if job.settings.warehouse_path.exists():
        with job.warehouse(read_only=True) as con:
            found = queries.last_accepted(con, name)
            if found:
                last = LastAccepted(found.people, found.made_at, queries.seated_people(con, name))
    read = read_people_file(
        path,
        source=name,
        columns=source.columns,
        absence=source.absence,
        max_age_h=source.max_age_h,
        now=job.started_at,
        last=last,
    )
    state = f"{len(read.people):,} people" if read.accepted else f"refused: it {read.reason}"
    progress.info("Directory %s: %s", name, state)
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


def changed_ad_accounts(job: CheckJob) -> tuple[datetime | None, list[str]]:
    """Return the start of the last complete check, and the ad accounts on which grants differ since."""
    with job.warehouse(read_only=True) as con:
        since = queries.last_complete(con, job.hub.label)
        if since is None:
            return None, []
        found = queries.changed_ad_accounts(con, job.hub.label, since, MOST_ACCOUNTS_EXPLAINED)
    return since, found["asset_id"].tolist()


@dataclass(frozen=True, slots=True)
class Standing:
    """What the warehouse says after the merge: members and people, matched, and what differs since last time.

    `since` is the start of the last complete check; None makes this one the baseline.
    """

    seated: Seated
    people: pd.DataFrame
    since: datetime | None
    differences: Differences | None
    partners_unseen: bool


def match_members(job: CheckJob) -> Standing:
    """Match the hub's members with the people of the directory, in memory."""
    label, policy = job.hub.label, job.settings.policy
    with job.warehouse(read_only=True) as con:
        members, people = queries.members(con, label), _people(job, queries.people(con))
        stays, links = queries.stays(con, label), queries.links(con, label)
        since = queries.last_complete(con, label)
        differences = _differences(con, label, since) if since else None
        partners_unseen = len(queries.agencies(con, label)) > 0
    seated = seat_members(
        members,
        people,
        stays,
        links[(links["outcome"] == "matched") & links["valid_to"].isna()],
        policy=Policy(policy.auto_match_posterior, policy.auto_match_by_name),
        own_domains=policy.own_domains,
    )
    counts = count_tabs(seated.seats["tab"])
    progress.info("Matched: %s", ", ".join(f"{tab} {n}" for tab, n in counts.items() if n))
    return Standing(seated, people, since, differences, partners_unseen)


def _people(job: CheckJob, people: pd.DataFrame) -> pd.DataFrame:
    """Return one row per person: where two sources have the same id, the one that is configured first."""
    order = {source_name(source): place for place, source in enumerate(job.settings.directory)}
    place = people["source"].map(order).fillna(len(order))
    return people.assign(place=place).sort_values(["place", "person_id"]).drop_duplicates("person_id")


def _differences(con: Any, label: str, since: datetime) -> Differences:
    return Differences(
        members=queries.member_changes(con, label, since),
        grants=queries.grant_changes(con, label, since),
        assets=queries.asset_changes(con, label, since),
        people=queries.person_changes(con, label, since),
    )


def draw_report(
    job: CheckJob,
    edges: list[EdgeRead],
    directory: list[DirectoryRead],
    loaded: LoadSummary,
    standing: Standing,
) -> dict[str, Any]:
    """Return the report: proposals with consequences, changes since the last complete check, findings."""
    seats, label = standing.seated.seats, job.hub.label
    going, open_seats = leavers(seats), unmatched(seats)
    keys = pd.concat([going, open_seats])[["kind", "member_id"]]
    with job.warehouse(read_only=True) as con:
        rights = queries.grants_of(con, label, keys)
        controllers = queries.controllers(con, rights[["asset_kind", "asset_id"]].drop_duplicates())
    ground = _ground(job, edges, directory, standing)
    of_leavers = rights[rights["member_id"].isin(going["member_id"])]
    of_unmatched = rights[rights["member_id"].isin(open_seats["member_id"])]
    proposals = [
        *removals(seats, standing.people, of_leavers, controllers, ground),
        *resolutions(standing.seated, standing.people, of_unmatched, ground),
    ]
    complete = is_complete(edges)
    return assemble(
        hub={
            "label": label,
            "business_id": job.hub.business_id,
            "graph_url": job.settings.meta.graph_url,
            "login_method": job.hub.login_method,
        },
        check={
            "check_id": job.check_id,
            "started_at": job.started_at.isoformat(timespec="seconds"),
            "complete": complete,
            "baseline": complete and standing.since is None,
            "since": standing.since.isoformat(timespec="seconds") if standing.since else None,
        },
        edges=[edge_row(edge) for edge in edges],
        directory=[directory_row(read, job.started_at) for read in directory],
        counts={
            "members": loaded.members,
            "assets": loaded.assets,
            "grants": loaded.grants,
            "people": loaded.people,
        },
        tabs=count_tabs(seats["tab"]),
        proposals=proposals,
        changes=list_changes(standing.differences, seats) if standing.differences else [],
        log=log_entries(job.folder),
        findings=findings(
            seats,
            standing.people,
            now=job.started_at,
            sso=job.hub.login_method == "sso",
            own_domains=job.settings.policy.own_domains,
        ),
    )


def _ground(
    job: CheckJob, edges: list[EdgeRead], directory: list[DirectoryRead], standing: Standing
) -> Ground:
    by_name = {edge.edge: edge for edge in edges}
    refused = tuple(read.source for read in directory if not read.accepted)
    return Ground(
        hub=job.hub.label,
        min_admins=job.settings.policy.min_admins,
        unread_listings=tuple(n for n in _LISTINGS if n not in by_name or not by_name[n].complete),
        refused_sources=refused,
        unknown_sources=tuple(source for source in refused if source not in set(standing.people["source"])),
        unread_rights=_unread_rights(by_name),
        partners_unseen=standing.partners_unseen,
    )


def _unread_rights(edges: Mapping[str, EdgeRead]) -> frozenset[tuple[str, str]]:
    """Return whose rights were not all read: (kind, member id), "*" for everybody of a kind."""
    read = [edges.get(name) for name in _RIGHTS_EDGES]
    gaps = {(gap.member_kind, gap.member_id) for edge in read if edge for gap in edge.gaps}
    # An edge that failed as a whole names no gaps: it is one.
    nothing = any(edge is None or not (edge.complete or edge.gaps) for edge in read)
    return frozenset(gaps | {("user", "*"), ("system", "*")} if nothing else gaps)


def conclude(
    job: CheckJob, report: dict[str, Any], standing: Standing, explained: Sequence[EdgeRead] = ()
) -> tuple[str, Published | None]:
    """Keep the report, store who is who, finish the check's row, and publish snapshots if it is complete.

    `explained` are edges that were read after the merge. Returns the report's id, and the newest snapshots:
    this check's, or the last good ones, or None.
    """
    prune_folders(job.folder.parents[1], job.started_at - timedelta(days=job.settings.warehouse.raw_days))
    name = write_report(job.settings.home, report)
    complete = bool(report["check"]["complete"])
    seated, label = standing.seated, job.hub.label
    with job.warehouse() as con:
        add_edges(con, job.check_id, label, explained)
        conclude_check(
            con,
            hub=label,
            check_id=job.check_id,
            started_at=job.started_at,
            finished_at=job.settings.now(),
            complete=complete,
            baseline=bool(report["check"]["baseline"]),
            report_id=name,
            digest=report["digest"],
            stays=seated.seats[["stay_id", "kind", "member_id"]],
            links=seated.outcomes(),
            candidates=seated.candidates_with_evidence(),
        )
        if not complete:
            return name, newest(job.settings.snapshot_dir)
        settings, workspace = job.settings, job.settings.workspace.name
        key = pseudonym_key(settings.home)
        published = publish(con, settings.snapshot_dir, workspace, job.started_at, key)
    prune_snapshots(settings.snapshot_dir, workspace, settings.snapshots.keep)
    return name, published


def edge_row(edge: EdgeRead) -> dict[str, Any]:
    """Return an edge as `check --json` has it."""
    row = asdict(edge)
    return {name: row[name] for name in ("edge", "pages", "rows", "total", "complete", "reason")}


def directory_row(read: DirectoryRead, now: datetime) -> dict[str, Any]:
    """Return a directory read as `check --json` has it; `age_h` is the age of the source in hours."""
    return {
        "source": read.source,
        "accepted": read.accepted,
        "reason": read.reason,
        "people": len(read.people),
        "age_h": round((now - read.made_at).total_seconds() / 3600, 2),
    }


def _step(name: str, function: Any) -> Any:
    return task(name=name, cache_policy=NO_CACHE, persist_result=False)(function)


read_directory_task = _step("read-directory", read_directory)
load_facts_task = _step("load-facts", load_facts)
match_members_task = _step("match-members", match_members)
draw_report_task = _step("draw-report", draw_report)
conclude_task = _step("conclude-check", conclude)
