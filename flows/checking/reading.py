"""What a check reads of a hub, in which order; by plain functions, or by the Prefect tasks around them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from flows.checking.job import CheckJob
from flows.checking.steps import Traffic
from flows.review.words import counted
from tasks.errors import MetaError
from tasks.meta.client import MetaClient
from tasks.meta.completeness import EdgeRead
from tasks.meta.extract import read_business, read_grants, read_listings, read_members
from tasks.meta.extraction import failed
from tasks.meta.refusals import told
from tasks.meta.store import remove_folder
from tasks.meta.wire import ASSIGNED_EDGES, EDGES

ALL_EDGES = (*EDGES, *ASSIGNED_EDGES)

progress = logging.getLogger("hubroster.progress")


@dataclass(frozen=True, slots=True)
class Readers:
    """The four readings of a hub."""

    business: Callable[..., Awaitable[Any]] = read_business
    listings: Callable[..., Awaitable[Any]] = read_listings
    members: Callable[..., Awaitable[Any]] = read_members
    grants: Callable[..., Awaitable[Any]] = read_grants


async def read_hub(
    job: CheckJob, client: MetaClient, readers: Readers | None = None
) -> tuple[list[EdgeRead], Traffic]:
    """Read every edge of the hub with one client, as many at once as `[meta] concurrency` allows.

    Raises ClockOff, and keeps nothing of what was read, when our clock is not Meta's.
    """
    edges = await _edges(job, client, readers or Readers())
    if client.stopped is not None:  # a dead token, say: no edge is so little that this could be "complete"
        edges = [edge if edge.complete or edge.edge in job.hub.skip else _needed(edge) for edge in edges]
    try:
        client.clock.require_right()
    except Exception:
        remove_folder(job.folder)  # it is named by a time that isn't true
        raise
    for line in unread(edge for edge in edges if edge.edge not in job.hub.skip):
        progress.error("%s", line)
    requests, calls = counted(client.requests, "HTTP request"), counted(client.calls, "call")
    progress.info("Meta: %s, %s", requests, calls)
    return edges, Traffic(client.requests, client.calls, client.gate.waited_s)


async def _edges(job: CheckJob, client: MetaClient, readers: Readers) -> list[EdgeRead]:
    extraction = job.extraction()
    try:
        await readers.business(client, extraction)
    except MetaError as error:
        # Every edge says why; the warehouse keeps what it knows, and the check is incomplete.
        return [failed(edge, told(error)) for edge in ALL_EDGES]
    progress.info("Reading members, assets and grants from Meta ...")
    listings, users, systems = await asyncio.gather(
        readers.listings(client, extraction),
        readers.members(client, extraction, "business_users"),
        readers.members(client, extraction, "system_users"),
    )
    grants = await readers.grants(client, extraction, (users, systems))
    return [users.listing, systems.listing, *listings, *grants]


def _needed(edge: EdgeRead) -> EdgeRead:
    return replace(edge, required=True)


def unread(edges: Iterable[EdgeRead]) -> list[str]:
    """Return a line for each reason why edges were not read; what only follows from one goes without."""
    why: dict[str, list[str]] = {}
    told_of = [(edge.reason, edge.edge) for edge in edges if edge.reason and not edge.complete]
    for reason, edge in sorted(told_of, key=lambda one: len(one[0])):
        why.setdefault(next((root for root in why if root in reason), reason), []).append(edge)
    return [f"Not read: {_names(names)}: {reason}" for reason, names in why.items()]


def _names(edges: list[str]) -> str:
    return ", ".join(edges) if len(edges) <= 3 else f"{edges[0]} and {len(edges) - 1} more"
