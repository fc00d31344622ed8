"""The node types and their fields (meta-graph-api.md §1): where each value comes from in the world."""

from collections.abc import Mapping
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

from deployments.sandbox.clock import Clock
from deployments.sandbox.graph import known_fields as known
from deployments.sandbox.graph.apps import App, app_types
from deployments.sandbox.graph.bare_edges import bare_types
from deployments.sandbox.graph.schema import Getter, NodeType, Ref
from deployments.sandbox.world import Asset, Business, Invite, User, World, meta_time

# The asset kinds of the world, as Meta calls the node types.
TYPE_OF_KIND = {
    "page": "Page",
    "ad_account": "AdAccount",
    "product_catalog": "ProductCatalog",
    "business_asset_group": "BusinessAssetGroup",
}


ASSET_TYPES = frozenset(TYPE_OF_KIND.values())


def node_types(world: World, clock: Clock) -> dict[str, NodeType]:
    """Return every node type by Meta's name, without its edges."""
    kinds = (
        *_people(world),
        _invitation(world, clock),
        *_assets(world),
        _business(world),
        *app_types(world),
        _activity(),
        *bare_types(),
    )
    return {kind.name: kind for kind in kinds}


def type_of(node: object) -> str:
    """Return the name of a node's type."""
    if isinstance(node, User):
        return "SystemUser" if node.is_system else "BusinessUser"
    if isinstance(node, Invite):
        return "BusinessRoleRequest"
    if isinstance(node, Asset):
        return TYPE_OF_KIND[node.kind]
    return "Application" if isinstance(node, App) else "Business"


def business_of(world: World, business_id: str) -> Business:
    """Return a business: ours, a partner's, or one of which nothing but the id is known."""
    if business_id == world.business.id:
        return world.business
    known_one = world.clients.get(business_id) or world.agencies.get(business_id)
    return known_one or Business(business_id, "")


def _business(world: World) -> NodeType:
    fields: dict[str, Getter | Ref] = {name: _extra(name) for name in known.BUSINESS}
    fields |= {"id": attrgetter("id"), "name": lambda business: business.name or None}
    fields["primary_page"] = Ref("Page", lambda business: world.assets.get(business.primary_page or ""))
    return NodeType("Business", fields, default=("id", "name"), known=known.BUSINESS)  # §1.1


def _people(world: World) -> tuple[NodeType, ...]:
    ours = Ref("Business", lambda _: world.business)
    member: dict[str, Getter | Ref] = {
        **_same(
            "id",
            "name",
            "first_name",
            "last_name",
            "role",
            "title",
            "finance_permission",
            "ip_permission",
            "two_fac_status",
            "pending_email",
            "marked_for_removal",
        ),
        # §3: a field that the token may not see is left out, without an error
        "email": lambda user: None if user.email_hidden else user.email,
        "business": ours,
        "business_role_request": Ref("BusinessRoleRequest", _request_of),
    }
    robot: dict[str, Getter | Ref] = {
        **_same("id", "name", "finance_permission", "ip_permission"),
        "created_time": _time("created_time"),
    }
    assigned: dict[str, Getter | Ref] = {**_same("id", "name"), "business": ours, "user_type": _user_type}
    return (
        # §1.2: default `id,business,name`
        NodeType("BusinessUser", member, default=("id", "business", "name"), known=known.BUSINESS_USER),
        NodeType("SystemUser", robot, default=("id", "name"), known=known.SYSTEM_USER),  # §1.3
        NodeType("User", _same("id", "name"), default=("id", "name")),  # §1.5: of a Page's roles
        NodeType("AssignedUser", assigned, default=("id", "name"), known=known.ASSIGNED_USER),  # §1.5
    )


def _invitation(world: World, clock: Clock) -> NodeType:
    def status(invite: Invite) -> str:
        # §1.4, §2: the constants are unconfirmed; so is that Meta goes on listing what ran out (assumption)
        late = invite.status == "PENDING" and invite.expiration_time <= clock.now()
        return "EXPIRED" if late else invite.status

    fields: dict[str, Getter | Ref] = {
        **_same("id", "role"),
        "email": lambda invite: invite.email or None,
        "invite_link": lambda invite: invite.invite_link or None,
        "status": status,
        "created_time": _time("created_time"),
        "expiration_time": _time("expiration_time"),
        "expiry_time": _time("expiration_time"),  # §1.4: the spec has both names
        "created_by": Ref("BusinessUser", lambda invite: world.users.get(invite.created_by)),
        "owner": Ref("Business", lambda _: world.business),
        "invited_user_type": lambda invite: list(invite.invited_user_type),
        "tasks": lambda invite: list(invite.tasks) or None,
        "finance_role": lambda invite: invite.joins_as.finance_permission,  # assumption: as it will be read
        "ip_role": lambda invite: invite.joins_as.ip_permission,
    }
    return NodeType(
        "BusinessRoleRequest",
        fields,
        default=("id", "email", "role", "status"),  # §1.4
        known=known.BUSINESS_ROLE_REQUEST,
        short=("id",),
    )


def _assets(world: World) -> tuple[NodeType, ...]:
    owner = Ref("Business", lambda asset: business_of(world, asset.owner_business))

    def fields(names: frozenset[str], **own: Getter | Ref) -> Mapping[str, Getter | Ref]:
        rest = {name: _extra(name) for name in names}
        return {**rest, **_same("id", "name"), "owner_business": owner, "business": owner, **own}

    page = fields(known.PAGE, access_token=lambda page: f"EAAPage{page.id}")
    account = fields(
        known.AD_ACCOUNT,
        account_id=lambda account: account.id.removeprefix("act_"),  # §1: the id is `act_<n>`
        account_status=lambda account: account.extra.get("account_status", 1),
    )
    catalog = fields(known.PRODUCT_CATALOG)
    group: dict[str, Getter | Ref] = {**_same("id", "name"), "owner_business": owner}
    # Default fields of the four are an assumption; no source lists them.
    return (
        NodeType("Page", page, default=("id", "name"), known=known.PAGE),
        NodeType("AdAccount", account, default=("id", "account_id"), known=known.AD_ACCOUNT),
        NodeType("ProductCatalog", catalog, default=("id", "name"), known=known.PRODUCT_CATALOG),
        NodeType("BusinessAssetGroup", group, default=("id", "name"), known=known.BUSINESS_ASSET_GROUP),
    )


def _activity() -> NodeType:
    fields: dict[str, Getter | Ref] = {name: _item(name) for name in known.AD_ACTIVITY}
    return NodeType(
        "AdActivity", fields, default=("event_time", "event_type"), known=known.AD_ACTIVITY
    )  # §1.6


def _same(*names: str) -> dict[str, Getter]:
    return {name: attrgetter(name) for name in names}


def _time(name: str) -> Getter:
    read = attrgetter(name)

    def moment(node: Any) -> str | None:
        value: datetime | None = read(node)
        return None if value is None else meta_time(value)

    return moment


def _extra(name: str) -> Getter:
    return lambda node: node.extra.get(name)


def _item(name: str) -> Getter:
    return lambda row: row.get(name)


def _user_type(user: User) -> str:
    return "SYSTEM_USER" if user.is_system else "BUSINESS_USER"  # assumption: §1.5 only says "string"


def _request_of(user: User) -> Invite | None:
    """Return the accepted invitation of a user. Assumption: it can still be read through its user."""
    if user.business_role_request is None:
        return None
    when = user.created_time or datetime.min.replace(tzinfo=UTC)
    return Invite(
        user.business_role_request, user.email or "", user.role, "ACCEPTED", when, when, "", "", joins_as=user
    )
