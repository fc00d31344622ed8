"""What we ask each edge for and what of it we keep: an allow-list, in Meta's names (meta-graph-api.md §1)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

Row = dict[str, Any]

BUSINESS = "business_management"
_PAGES = f"{BUSINESS} and pages_show_list"
_ADS = f"{BUSINESS} and ads_read"
_CATALOGS = f"{BUSINESS} and catalog_management"


class Scope(NamedTuple):
    """Whose edge it is: a member ("user" or "system"), or an ad account."""

    kind: str
    node_id: str


@dataclass(frozen=True, slots=True)
class Edge:
    """One edge and its fields.

    `asked` stand in every request, `if_known` as long as Meta knows them, `wished` as long as the token may
    see them, too. `needs` are the permissions of a token that may read it (meta-graph-api.md §1.8).
    """

    name: str
    asked: tuple[str, ...]
    wished: tuple[str, ...]
    keep: Callable[[Row], Row]
    if_known: tuple[str, ...] = ()
    needs: str = BUSINESS


def keeping(names: tuple[str, ...], ids: tuple[str, ...] = ()) -> Callable[[Row], Row]:
    """Return a function that keeps these fields of a row, and of the nodes in `ids` the id alone.

    A field that Meta left out stays out: omitted is unknown, not empty.
    """

    def keep(row: Row) -> Row:
        kept = {name: row[name] for name in names if name in row}
        for name in ids:
            node = row.get(name)
            if isinstance(node, dict) and isinstance(node.get("id"), str):
                kept[name] = node["id"]
            elif isinstance(node, str):
                kept[name] = node
        return kept

    return keep


def _asset(row: Row) -> Row:
    kept: Row = {name: row[name] for name in ("id", "name", "permitted_tasks") if name in row}
    owner = row.get("owner_business")
    if isinstance(owner, dict):
        if isinstance(owner.get("id"), str):
            kept["owner_business"] = owner["id"]
        if isinstance(owner.get("name"), str):
            kept["owner_business_name"] = owner["name"]
    status = row.get(
        "account_status"
    )  # a number at ad accounts, the only kind of asset with a state of its own
    if status is not None:
        kept["status"] = str(status)
    return kept


_NAMED = ("id", "name")
_USER_WISHES = (
    "first_name",
    "last_name",
    "title",
    "finance_permission",
    "ip_permission",
    "two_fac_status",
    "pending_email",
    "marked_for_removal",
)
_SYSTEM_WISHES = ("created_time", "finance_permission", "ip_permission")
_INVITE = ("id", "email", "role", "status")
_INVITE_WISHES = ("created_time", "expiration_time")


def _assets(name: str, needs: str, *wished: str) -> Edge:
    return Edge(name, _NAMED, ("owner_business", *wished), _asset, needs=needs)


_EDGES = (
    Edge(
        "business_users",
        (*_NAMED, "email", "role"),
        (*_USER_WISHES, "business_role_request"),
        keeping((*_NAMED, "email", "role", *_USER_WISHES), ("business_role_request",)),
    ),
    Edge(
        "system_users",
        (*_NAMED, "role"),
        (*_SYSTEM_WISHES, "created_by"),
        keeping((*_NAMED, "role", *_SYSTEM_WISHES), ("created_by",)),
    ),
    Edge(
        "pending_users",
        _INVITE,
        (*_INVITE_WISHES, "created_by"),
        keeping((*_INVITE, *_INVITE_WISHES), ("created_by",)),
    ),
    _assets("owned_pages", _PAGES),
    _assets("client_pages", _PAGES, "permitted_tasks"),
    _assets("owned_ad_accounts", _ADS, "account_status"),
    _assets("client_ad_accounts", _ADS, "account_status", "permitted_tasks"),
    _assets("owned_product_catalogs", _CATALOGS),
    _assets("client_product_catalogs", _CATALOGS, "permitted_tasks"),
    _assets("business_asset_groups", BUSINESS),
    Edge("agencies", _NAMED, (), keeping(_NAMED)),
    Edge("clients", _NAMED, (), keeping(_NAMED)),
)

EDGES: dict[str, Edge] = {edge.name: edge for edge in _EDGES}
PLAIN_EDGES: tuple[str, ...] = tuple(
    e.name for e in _EDGES if e.name not in ("business_users", "system_users")
)

MEMBER_KINDS: dict[str, str] = {"business_users": "user", "system_users": "system"}


def _grants(name: str, needs: str, *wished: str) -> Edge:
    keep = keeping((*_NAMED, "tasks", "permitted_tasks"))
    return Edge(name, (*_NAMED, "tasks"), wished, keep, needs=needs)


def _group(row: Row) -> Row:
    # §1.7: no source says that a group shows tasks of its own; its Pages and ad accounts have them
    return {"tasks": [], **{name: row[name] for name in (*_NAMED, "tasks") if name in row}}


ASSIGNED_EDGES: dict[str, Edge] = {
    edge.name: edge
    for edge in (
        _grants("assigned_pages", _PAGES, "permitted_tasks"),
        _grants("assigned_ad_accounts", _ADS),
        _grants("assigned_product_catalogs", _CATALOGS),
        Edge("assigned_business_asset_groups", _NAMED, (), _group, if_known=("tasks",)),
    )
}
