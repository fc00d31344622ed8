"""What members may do on single assets, as the assets list their people, or the members their assets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tasks.meta.change import Change
from tasks.meta.client import MetaClient
from tasks.meta.questions import Inquiry, Question, Questions
from tasks.meta.relisting import Held, Listed
from tasks.meta.selection import Selection
from tasks.meta.wire import ASSIGNED_EDGES, Edge, Scope, keeping

ASSIGNED = {
    "page": "assigned_pages",
    "ad_account": "assigned_ad_accounts",
    "product_catalog": "assigned_product_catalogs",
    "business_asset_group": "assigned_business_asset_groups",
}
_PAIR = tuple[str, str]


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
    assets = {one.asset_id: one.asset_kind for one in changes}
    by_asset = await _read(
        reader,
        (((kind, asset_id), _people_of(kind), asset_id) for asset_id, kind in assets.items()),
        {"business": business_id},
    )
    silent = [one for one in changes if by_asset[one.asset_kind, one.asset_id].reason]
    by_member = await _read(
        reader,
        (
            ((kind, member_id), ASSIGNED_EDGES[ASSIGNED[kind]], member_id)
            for kind, member_id in dict.fromkeys((one.asset_kind, one.member_id) for one in silent)
        ),
        {},
    )
    return [_standing(one, by_asset[one.asset_kind, one.asset_id], by_member) for one in changes]


def _people_of(kind: str) -> Edge:
    names = ("id", "tasks")
    known = ("id",) if kind == "business_asset_group" else names  # §1.7: no source shows a group's tasks
    return Edge("assigned_users", known, (), keeping(names), needs=ASSIGNED_EDGES[ASSIGNED[kind]].needs)


async def _read(
    reader: MetaClient, wanted: Iterable[tuple[_PAIR, Edge, str]], filters: dict[str, str]
) -> dict[_PAIR, Listed]:
    """Read one edge of each node, all in the same batches; return the listings by their key."""
    held: dict[_PAIR, Held] = {}
    inquiries: dict[str, Inquiry] = {}
    questions = []
    for key, edge, node_id in wanted:
        held[key] = Held(edge)
        inquiry = inquiries.setdefault(key[0], Inquiry(edge.name, Selection(edge), filters))
        questions.append(Question(inquiry, Scope("node", node_id), held[key]))
    if questions:
        await Questions(reader, questions).ask()
    return {key: sink.listed for key, sink in held.items()}


def _standing(change: Change, people: Listed, by_member: dict[_PAIR, Listed]) -> Standing:
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
