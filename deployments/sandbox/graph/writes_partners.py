"""Writes about other businesses (meta-graph-api.md §1.1, §1.5, §1.6): agencies, clients, what they share."""

from deployments.sandbox.graph import errors, refusals
from deployments.sandbox.graph import parameters as read
from deployments.sandbox.graph.act import Act, Write, Writes
from deployments.sandbox.graph.nodes import TYPE_OF_KIND
from deployments.sandbox.graph.task_words import words_for
from deployments.sandbox.graph.writes_access import WRITE_SCOPES
from deployments.sandbox.world import Asset, Business
from deployments.sandbox.world.partners import end_agency, end_client, share, unshare


def part_with_agency(act: Act) -> Business:
    """DELETE /{business}/agencies."""
    agency = read.number(act.params, "business")
    if agency not in act.world.agencies:
        raise _no_partner()
    end_agency(act.world, agency)
    return act.world.business


def part_with_client(act: Act) -> Business:
    """DELETE /{business}/clients."""
    client = read.number(act.params, "business")
    if client not in act.world.clients:
        raise _no_partner()
    end_client(act.world, client)
    return act.world.business


def share_asset(act: Act) -> Asset:
    """POST /{asset}/agencies: the partner may do exactly this. Only our partners are known."""
    asset: Asset = act.node
    partner_id = read.number(act.params, "business")
    partner = act.world.agencies.get(partner_id) or act.world.clients.get(partner_id)
    if partner is None:
        raise _no_partner()
    tasks = read.names(act.params, "permitted_tasks", words_for(asset))
    if not tasks:
        raise errors.parameter_required("permitted_tasks")
    if asset.is_client:
        raise refusals.asset_of_a_client()
    if act.switches.assigning == "merge":
        held = act.world.agency_assets.get(partner_id, {}).get(asset.id, ())
        tasks = tuple(dict.fromkeys((*held, *tasks)))
    share(act.world, asset.id, partner, tasks)
    return asset


def take_asset_back(act: Act) -> Asset:
    """DELETE /{asset}/agencies."""
    asset: Asset = act.node
    partner_id = read.number(act.params, "business")
    if partner_id not in act.world.agencies:
        raise _no_partner()
    if not unshare(act.world, asset.id, partner_id) and act.switches.revoke_missing == "refused":
        raise refusals.nothing_to_take()
    return asset


def _no_partner() -> errors.GraphError:
    return errors.bad_parameter("business", "the id of a partner business")  # §1.1: 100; wording assumed


WRITES: Writes = {
    ("DELETE", "Business", "agencies"): Write(part_with_agency),
    ("DELETE", "Business", "clients"): Write(part_with_client),
    **{
        (method, TYPE_OF_KIND[kind], "agencies"): Write(do, scope=WRITE_SCOPES[kind])
        for method, do in (("POST", share_asset), ("DELETE", take_asset_back))
        for kind in ("page", "ad_account", "product_catalog")
    },
}
