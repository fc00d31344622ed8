"""The report of a check: what follows from what stands in the warehouse, and on what ground."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import pandas as pd

from flows.checking.job import CheckJob
from flows.checking.standing import Standing
from flows.review.removed import controllers_now
from matching.roster.changes import list_changes
from matching.roster.decided import without_kept
from matching.roster.findings import findings
from matching.roster.proposals import Ground
from matching.roster.removals import leavers, removals
from matching.roster.report import assemble
from matching.roster.resolutions import resolutions, unmatched
from matching.roster.tabs import count_tabs
from tasks.directory.read import DirectoryRead
from tasks.meta.activities import log_entries
from tasks.meta.completeness import EdgeRead, is_complete
from tasks.warehouse import queries
from tasks.warehouse.load import LoadSummary

_RIGHTS_EDGES = ("assigned_pages", "assigned_ad_accounts")
_LISTINGS = ("business_users", "pending_users")


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
        assets = rights[["asset_kind", "asset_id"]].drop_duplicates()
        controllers = controllers_now(job.settings, con, label, assets)
    ground = ground_of(job, edges, directory, standing)
    of_leavers = rights[rights["member_id"].isin(going["member_id"])]
    of_unmatched = rights[rights["member_id"].isin(open_seats["member_id"])]
    found = [
        *removals(seats, standing.people, of_leavers, controllers, ground),
        *resolutions(standing.seated, standing.people, of_unmatched, controllers, ground),
    ]
    proposals, kept = without_kept(
        found, standing.decided.kept, label, job.started_at, left_at=standing.left_at
    )
    return assemble(
        hub={
            "label": label,
            "business_id": job.hub.business_id,
            "graph_url": job.settings.meta.graph_url,
            "login_method": job.hub.login_method,
        },
        check=_check_row(job, standing, complete=is_complete(edges)),
        edges=[edge_row(edge) for edge in edges],
        directory=[directory_row(read, job.started_at) for read in directory],
        counts={name: getattr(loaded, name) for name in ("members", "assets", "grants", "people")},
        tabs=count_tabs(seats["tab"]),
        proposals=proposals,
        kept=kept,
        changes=_changes(standing, edges),
        log=log_entries(job.folder),
        findings=findings(
            seats,
            standing.people,
            now=job.started_at,
            sso=job.hub.login_method == "sso",
            own_domains=job.settings.policy.own_domains,
            by_name_off=standing.seated.by_name_off,
            silent=[read.source for read in directory if read.accepted and not read.tells_who_left],
            leavers_told=any(read.tells_who_left or not read.accepted for read in directory),
        ),
    )


def _changes(standing: Standing, edges: list[EdgeRead]) -> list[dict[str, Any]]:
    if standing.differences is None:
        return []
    users_read = any(edge.edge == "business_users" and edge.complete for edge in edges)
    return list_changes(standing.differences, standing.seated.seats, users_read=users_read)


def _check_row(job: CheckJob, standing: Standing, *, complete: bool) -> dict[str, Any]:
    return {
        "check_id": job.check_id,
        "started_at": job.started_at.isoformat(timespec="seconds"),
        "complete": complete,
        "baseline": complete and standing.since is None,
        "since": standing.since.isoformat(timespec="seconds") if standing.since else None,
    }


def ground_of(
    job: CheckJob, edges: list[EdgeRead], directory: list[DirectoryRead], standing: Standing
) -> Ground:
    """Return what proposals rest on besides seats and people."""
    read = {edge.edge for edge in edges if edge.complete}
    accepted = {source.source for source in directory if source.accepted}
    asked = {source.source for source in directory}
    known = set(standing.people["source"].tolist())
    return Ground(
        hub=job.hub.label,
        min_admins=job.settings.policy.min_admins,
        unread_listings=tuple(sorted({*_LISTINGS} - read)),
        refused_sources=tuple(sorted((asked | known) - accepted)),
        unknown_sources=tuple(sorted(asked - accepted - known)),
        unread_rights=_unread_rights({edge.edge: edge for edge in edges}),
        partners_unseen=standing.has_agencies or "agencies" not in read,
    )


def _unread_rights(edges: Mapping[str, EdgeRead]) -> frozenset[tuple[str, str]]:
    """Return whose rights were not all read: (kind, member id), "*" for everybody of a kind."""
    read = [edges.get(name) for name in _RIGHTS_EDGES]
    gaps = {(gap.member_kind, gap.member_id) for edge in read if edge for gap in edge.gaps}
    # An edge that failed as a whole names no gaps: it is one.
    nothing = any(edge is None or not (edge.complete or edge.gaps) for edge in read)
    return frozenset(gaps | {("user", "*"), ("system", "*")} if nothing else gaps)


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
