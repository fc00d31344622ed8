"""How completely each edge of a hub was read: what a merge may close, a report conclude (design §4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

REQUIRED_EDGES: frozenset[str] = frozenset(
    {
        "business_users",
        "pending_users",
        "system_users",
        "owned_pages",
        "client_pages",
        "owned_ad_accounts",
        "client_ad_accounts",
        "assigned_pages",
        "assigned_ad_accounts",
    }
)

OPTIONAL_EDGES: frozenset[str] = frozenset(
    {
        "owned_product_catalogs",
        "client_product_catalogs",
        "business_asset_groups",
        "agencies",
        "clients",
        "assigned_product_catalogs",
        "assigned_business_asset_groups",
    }
)


@dataclass(frozen=True, slots=True)
class ScopeGap:
    """One member (or "*", all of the kind) whose assigned edge was not read to its last page."""

    member_kind: str
    member_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class EdgeRead:
    """How completely one edge kind was read in one check.

    `edge` is Meta's path name. `pages` counts answers: own pages, expansions and batch items. `total` is
    `summary.total_count` where Meta gave one (the sum over members for assigned edges, None if any is
    unknown). `reason` says why it is not complete; a skipped edge has "skipped by configuration".
    """

    edge: str
    pages: int
    rows: int
    total: int | None
    complete: bool
    required: bool
    reason: str | None
    gaps: tuple[ScopeGap, ...] = ()


def is_complete(edges: Iterable[EdgeRead]) -> bool:
    """Say whether every required edge was read to its last page.

    Those are `REQUIRED_EDGES` and whatever else the reading says is required.
    """
    edges = list(edges)
    unread = any(read.required and not read.complete for read in edges)
    return not unread and {read.edge for read in edges if read.complete} >= REQUIRED_EDGES
