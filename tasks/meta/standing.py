"""What members may do on single assets, as the assets list their people, or the members their assets."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tasks.meta.change import Change
from tasks.meta.client import MetaClient
from tasks.meta.relisting import Listed, read_nodes
from tasks.meta.wire import ASSIGNED_EDGES, Edge, keeping

ASSIGNED = {
    "page": "assigned_pages",
    "ad_account": "assigned_ad_accounts",
    "product_catalog": "assigned_product_catalogs",
    "business_asset_group": "assigned_business_asset_groups",
}
_Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Standing:
    """One member on one asset: `listed` with these tasks (None: not shown); with a `reason`, unread."""

    listed: bool
    tasks: frozenset[str] | None = None
    reason: str = ""


async def standings(reader: MetaClient, business_id: str, changes: Sequence[Change]) -> list[Standing]:
    """Return how each change's member stands on its asset, in their order. Never raises MetaError.

    Each asset is asked once for its people. A Page may only tell a person's own token (§1.5): where an asset
    doesn't tell, the members are asked for their assets, each once for each kind.
    """
    by_asset = await _read(
        reader, ((one.asset_kind, one.asset_id) for one in changes), _people_of, business_id
    )
    silent = [one for one in changes if by_asset[one.asset_kind, one.asset_id].reason]
    by_member = await _read(reader, ((one.asset_kind, one.member_id) for one in silent), _assets_of, None)
    return [_standing(one, by_asset[one.asset_kind, one.asset_id], by_member) for one in changes]


def _people_of(kind: str) -> Edge:
    names = ("id", "tasks")
    known = ("id",) if kind == "business_asset_group" else names  # §1.7: no source shows a group's tasks
    return Edge("assigned_users", known, (), keeping(names), needs=ASSIGNED_EDGES[ASSIGNED[kind]].needs)


def _assets_of(kind: str) -> Edge:
    return ASSIGNED_EDGES[ASSIGNED[kind]]


async def _read(
    reader: MetaClient, wanted: Iterable[_Pair], edge_of: Callable[[str], Edge], business_id: str | None
) -> dict[_Pair, Listed]:
    """Read the edge of each (kind of asset, node), the nodes of a kind in the same batches."""
    nodes: dict[str, dict[str, None]] = {}
    for kind, node_id in wanted:
        nodes.setdefault(kind, {})[node_id] = None
    filters = None if business_id is None else {"business": business_id}
    found = {}
    for kind, ids in nodes.items():
        listed = await read_nodes(reader, edge_of(kind), ids, filters)
        found.update({(kind, node_id): one for node_id, one in listed.items()})
    return found


def _standing(change: Change, people: Listed, by_member: dict[_Pair, Listed]) -> Standing:
    if not people.reason:
        return _of(people, change.member_id)
    assets = by_member[change.asset_kind, change.member_id]
    if not assets.reason:
        return _of(assets, change.asset_id)
    return Standing(False, reason=f"the access to {change.asset_id} was not read: {people.reason}")


def _of(listed: Listed, node_id: str) -> Standing:
    row = listed.rows.get(node_id)
    if row is None:
        return Standing(False)
    tasks = row.get("tasks")
    return Standing(True, frozenset(map(str, tasks)) if isinstance(tasks, list) else None)
