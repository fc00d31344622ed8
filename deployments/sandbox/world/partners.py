"""Ends and beginnings between our business and others."""

from collections.abc import Iterable

from deployments.sandbox.world.state import Business, World


def end_agency(world: World, agency_id: str) -> None:
    """Part with an agency: it loses what it worked on."""
    del world.agencies[agency_id]
    world.agency_assets.pop(agency_id, None)
    world.version += 1


def end_client(world: World, client_id: str) -> None:
    """Part with a client: what it shared with us goes, with our people's grants on it."""
    for asset_id in [one.id for one in world.assets.values() if one.owner_business == client_id]:
        world.remove_asset(asset_id)
    del world.clients[client_id]
    world.version += 1


def share(world: World, asset_id: str, partner: Business, tasks: Iterable[str]) -> None:
    """Let a partner do exactly this with an asset of ours; who wasn't an agency of ours becomes one."""
    world.agencies.setdefault(partner.id, partner)
    world.agency_assets.setdefault(partner.id, {})[asset_id] = tuple(tasks)
    world.version += 1


def unshare(world: World, asset_id: str, partner_id: str) -> bool:
    """Take an asset of ours back from a partner; return whether it had it.

    Assumption: the partner stays listed, also with nothing left.
    """
    found = world.agency_assets.get(partner_id, {}).pop(asset_id, None)
    world.version += 1
    return found is not None
