"""Writes about the hub itself and its assets (meta-graph-api.md §1.1, §1.7)."""

from deployments.sandbox.graph import errors, refusals
from deployments.sandbox.graph import parameters as read
from deployments.sandbox.graph.act import Act, Write, Writes, says_id
from deployments.sandbox.graph.edges import CONTAINED
from deployments.sandbox.world import Asset, Business

_TWO_FACTOR = ("none", "admin_required", "all_required")


def change_business(act: Act) -> Business:
    """POST /{business}: its name, and who needs a second factor. Its other parameters change nothing here."""
    business: Business = act.node
    policy = read.one_of(act.params, "two_factor_type", _TWO_FACTOR)
    if "name" in act.params and not act.params["name"].strip():
        raise errors.coded(3973)  # §4
    business.name = act.params.get("name", business.name)
    if policy is not None:
        business.extra["two_factor_type"] = policy
    act.world.version += 1
    return business


def let_page_go(act: Act) -> Business:
    """DELETE /{business}/pages."""
    page_id = read.number(act.params, "page_id")
    if page_id not in act.world.assets or act.world.assets[page_id].kind != "page":
        raise refusals.not_in_this_business()
    act.world.remove_asset(page_id)
    return act.world.business


def let_ad_account_go(act: Act) -> Business:
    """DELETE /{business}/ad_accounts, which takes the id with or without `act_` (assumption)."""
    account_id = "act_" + read.required(act.params, "adaccount_id").removeprefix("act_")
    if account_id not in act.world.assets:
        raise errors.bad_parameter("adaccount_id", "the id of an ad account of this business")
    act.world.remove_asset(account_id)
    return act.world.business


def change_group(act: Act) -> Asset:
    """POST /{asset-group}: its name."""
    group: Asset = act.node
    group.name = act.params.get("name", "").strip() or group.name
    act.world.version += 1
    return group


def put_in_group(act: Act) -> Asset:
    """POST /{asset-group}/contained_…: an asset more, ours or a client's."""
    group: Asset = act.node
    asset_id = _asset_id(act)
    held = act.world.group_contents.get(group.id, ())
    act.world.group_contents[group.id] = tuple(dict.fromkeys((*held, asset_id)))
    act.world.version += 1
    return group


def take_from_group(act: Act) -> Asset:
    """DELETE /{asset-group}/contained_…."""
    group: Asset = act.node
    asset_id = _asset_id(act)
    held = act.world.group_contents.get(group.id, ())
    act.world.group_contents[group.id] = tuple(one for one in held if one != asset_id)
    act.world.version += 1
    return group


def _asset_id(act: Act) -> str:
    given = read.required(act.params, "asset_id")
    kind = CONTAINED[act.edge or ""]
    found = "act_" + given.removeprefix("act_") if kind == "ad_account" else given
    if found not in act.world.assets or act.world.assets[found].kind != kind:
        raise errors.bad_parameter("asset_id", "the id of an asset of this business")
    return found


WRITES: Writes = {
    ("POST", "Business", None): Write(change_business, says_id),
    ("DELETE", "Business", "pages"): Write(let_page_go),
    ("DELETE", "Business", "ad_accounts"): Write(let_ad_account_go),
    ("POST", "BusinessAssetGroup", None): Write(change_group),
    **{
        (method, "BusinessAssetGroup", edge): Write(do)
        for method, do in (("POST", put_in_group), ("DELETE", take_from_group))
        for edge in CONTAINED
    },
}

# What Meta offers and this world has no use for: answered with code 3.
NOT_PLAYED = frozenset(
    ("POST", "Business", edge)
    for edge in (
        "owned_pages",
        "client_pages",
        "owned_ad_accounts",
        "client_ad_accounts",
        "adaccount",
        "owned_product_catalogs",
        "access_token",
        "owned_businesses",
        "managed_businesses",
    )
) | {
    ("POST", "SystemUser", "applications"),
    ("POST", "SystemUser", "access_tokens"),
    ("DELETE", "Business", "owned_businesses"),
    ("DELETE", "Business", "managed_businesses"),
}
