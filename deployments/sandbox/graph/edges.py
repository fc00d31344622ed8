"""The edges of each node type (meta-graph-api.md §1): which rows they list, and who may ask."""

from collections.abc import Mapping, Sequence
from operator import attrgetter, itemgetter
from typing import Any

from deployments.sandbox.graph import errors
from deployments.sandbox.graph.activities import activity_rows
from deployments.sandbox.graph.apps import app_edges
from deployments.sandbox.graph.bare_edges import attach_bare_edges
from deployments.sandbox.graph.nodes import TYPE_OF_KIND
from deployments.sandbox.graph.schema import Edge, NodeType
from deployments.sandbox.world import Asset, Business, Invite, User, World

Filters = Mapping[str, str]
Granted = tuple[Asset, tuple[str, ...]]  # an asset and the tasks on it
Holder = tuple[User, tuple[str, ...]]

_PLURAL = {
    "page": "pages",
    "ad_account": "ad_accounts",
    "product_catalog": "product_catalogs",
    "business_asset_group": "business_asset_groups",
}
# §1.8: the scopes per kind of asset; which one Meta wants for which edge is an assumption.
_SCOPES = {
    "page": ("pages_manage_metadata", "pages_show_list"),
    "ad_account": ("ads_management", "ads_read"),
    "product_catalog": ("catalog_management",),
    "business_asset_group": ("business_management",),
}
_ROLE = {"role": attrgetter("role")}
_TASKS = {"tasks": itemgetter(1)}


def attach_edges(world: World, types: Mapping[str, NodeType]) -> None:
    """Give every node type its edges."""
    for edge in [
        *_people_edges(world),
        *_owned_and_client_edges(world),
        *_partner_edges(world),
        *app_edges(world, _only_ours),
    ]:
        types["Business"].edges[edge.name] = edge
    attach_bare_edges(world, types, _only_ours)
    for kind in TYPE_OF_KIND:
        for user_type in ("BusinessUser", "SystemUser"):
            edge = _assigned_edge(world, kind)
            types[user_type].edges[edge.name] = edge
    for kind, type_name in TYPE_OF_KIND.items():
        for edge in _asset_edges(world, kind):
            types[type_name].edges[edge.name] = edge


def _people_edges(world: World) -> list[Edge]:
    def users(is_system: bool) -> Any:
        def rows(business: Business, _: Filters) -> Sequence[User]:
            _only_ours(world, business)
            return [user for user in world.users.values() if user.is_system is is_system]

        return rows

    def pending(business: Business, filters: Filters) -> Sequence[Invite]:
        _only_ours(world, business)
        email = filters.get("email")
        # Assumption: an accepted or declined invitation isn't listed, one that ran out still is.
        return [one for one in world.invites.values() if email is None or one.email.lower() == email.lower()]

    return [
        # §1.1: the nodes get an extra edge field, `role`
        Edge("business_users", "BusinessUser", users(False), fields=_ROLE, default=("role",)),
        Edge("system_users", "SystemUser", users(True), fields=_ROLE, default=("role",)),
        Edge("pending_users", "BusinessRoleRequest", pending, filters=("email",)),
    ]


def _owned_and_client_edges(world: World) -> list[Edge]:
    def listed(kind: str, is_client: bool) -> Any:
        def rows(business: Business, filters: Filters) -> Sequence[Asset]:
            _only_ours(world, business)
            text = filters.get("search_query", "").lower()  # §1.1: on ad accounts
            return [
                asset
                for asset in world.assets_of(kind, is_client=is_client)
                if not text or text in asset.name.lower() or text in asset.id
            ]

        return rows

    # Assumption: a client edge tells `permitted_tasks` when asked; §1.1 only says "list Page".
    permitted = {"permitted_tasks": lambda asset: asset.permitted_tasks or None}
    edges = [Edge("business_asset_groups", "BusinessAssetGroup", listed("business_asset_group", False))]
    for kind in ("page", "ad_account", "product_catalog"):
        filters = ("search_query",) if kind == "ad_account" else ()
        owned, client = f"owned_{_PLURAL[kind]}", f"client_{_PLURAL[kind]}"
        edges += [
            Edge(owned, TYPE_OF_KIND[kind], listed(kind, False), filters=filters),
            Edge(client, TYPE_OF_KIND[kind], listed(kind, True), permitted, filters=filters),
        ]
    return edges


def _partner_edges(world: World) -> list[Edge]:
    def partners(of: Mapping[str, Business]) -> Any:
        def rows(business: Business, _: Filters) -> Sequence[Business]:
            _only_ours(world, business)
            return list(of.values())

        return rows

    return [
        Edge("agencies", "Business", partners(world.agencies)),
        Edge("clients", "Business", partners(world.clients)),
    ]


def _assigned_edge(world: World, kind: str) -> Edge:
    def rows(user: User, filters: Filters) -> Sequence[Granted]:
        held = world.grants.get(user.id)
        if not held:
            return ()
        assets = world.assets
        found = [(assets[one], tasks) for one, tasks in held.items() if assets[one].kind == kind]
        if filters:
            wanted = set(filters["pages"].strip("[]").replace('"', "").replace(" ", "").split(","))
            found = [pair for pair in found if pair[0].id in wanted]
        return found

    return Edge(
        f"assigned_{_PLURAL[kind]}",
        TYPE_OF_KIND[kind],
        rows,
        # §1.2: `tasks` by default, `permitted_tasks` when asked: what the owner allows our business at most
        fields={**_TASKS, "permitted_tasks": lambda pair: pair[0].permitted_tasks or None},
        default=("tasks",),
        paired=True,
        kept=False,
        filters=("pages",) if kind == "page" else (),  # §1.2
        id_of=_first_id,
    )


def _asset_edges(world: World, kind: str) -> list[Edge]:
    users = _assigned_users(world, kind)
    if kind == "business_asset_group":
        return [users, *(_contained(world, name, one) for name, one in CONTAINED.items())]
    edges = [users, _asset_agencies(world, kind)]
    if kind == "page":
        return [*edges, _page_roles(world)]
    return [*edges, _activities(world), _account_users(world)] if kind == "ad_account" else edges


def _page_roles(world: World) -> Edge:
    """§1.5: only people who do not belong to a business. Assumption: a row shows id and name."""

    def people(page: Asset, filters: Filters) -> Sequence[User]:
        held = world.page_roles.get(page.id, {}).items()
        return [User(one, name, "") for one, name in held if filters.get("uid", one) == one]

    return Edge("roles", "User", people, filters=("uid",), scopes=_SCOPES["page"])


def _assigned_users(world: World, kind: str) -> Edge:
    def holders(asset: Asset, filters: Filters) -> Sequence[Holder]:
        if filters["business"] != world.business.id:
            return ()  # the world knows nobody else's people
        return [(world.users[one], tasks) for one, tasks in world.holders.get(asset.id, {}).items()]

    return Edge(
        "assigned_users",
        "AssignedUser",
        holders,
        fields={**_TASKS, "permitted_tasks": itemgetter(1)},
        default=("tasks",),
        paired=True,
        filters=("business",),
        required=("business",),  # §1.5–1.7: on GET
        scopes=_SCOPES[kind],
        id_of=_first_id,
    )


def _account_users(world: World) -> Edge:
    """§1.6: `/users`, the legacy list of who may work on an ad account; it wants no business."""

    def holders(account: Asset, _: Filters) -> Sequence[Holder]:
        return [(world.users[one], tasks) for one, tasks in world.holders.get(account.id, {}).items()]

    return Edge(
        "users",
        "AssignedUser",
        holders,
        fields=_TASKS,
        default=("tasks",),
        paired=True,
        scopes=_SCOPES["ad_account"],
        id_of=_first_id,
    )


def _asset_agencies(world: World, kind: str) -> Edge:
    def agencies(asset: Asset, _: Filters) -> Sequence[tuple[Business, tuple[str, ...]]]:
        shared = ((one, world.agency_assets.get(one.id, {})) for one in world.agencies.values())
        return [(agency, assets[asset.id]) for agency, assets in shared if asset.id in assets]

    return Edge(
        "agencies",
        "Business",
        agencies,
        fields={
            "permitted_tasks": itemgetter(1)
        },  # not by default; that it can be asked for is an assumption
        paired=True,
        scopes=_SCOPES[kind],
        id_of=_first_id,
    )


# §1.7: the kinds of asset that a group lists, of those that the world has.
CONTAINED = {
    "contained_pages": "page",
    "contained_adaccounts": "ad_account",
    "contained_product_catalogs": "product_catalog",
}


def _contained(world: World, name: str, kind: str) -> Edge:
    def rows(group: Asset, _: Filters) -> Sequence[Asset]:
        inside = (world.assets[one] for one in world.group_contents.get(group.id, ()) if one in world.assets)
        return [asset for asset in inside if asset.kind == kind]

    return Edge(name, TYPE_OF_KIND[kind], rows)


def _activities(world: World) -> Edge:
    def rows(account: Asset, filters: Filters) -> Sequence[dict[str, object]]:
        return activity_rows(world.activities.get(account.id, ()), filters)

    return Edge(
        "activities",
        "AdActivity",
        rows,
        filters=("since", "until", "category", "oid", "uid"),  # §1.6
        scopes=_SCOPES["ad_account"],
        id_of=lambda _: "",  # an activity has no id
    )


def _only_ours(world: World, business: Business) -> None:
    if business.id != world.business.id:
        raise errors.missing_scope("business_management")  # §4, 200: a partner's people are not ours to read


def _first_id(pair: tuple[Any, object]) -> str:
    found: str = pair[0].id
    return found
