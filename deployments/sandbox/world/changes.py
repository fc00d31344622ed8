"""Changes of people and their access that the ad accounts' logs tell about, made by hand or through the API.

`by` is who did it through the API; None: somebody in Meta's settings.
"""

from collections.abc import Iterable

from deployments.sandbox.world.activities import ADDED, REMOVED, record_activity
from deployments.sandbox.world.state import User, World


def remove_user(world: World, user_id: str, by: User | None = None) -> None:
    """Remove a user with all grants."""
    for asset_id in world.grants.get(user_id, {}):
        record_activity(world, REMOVED, user_id, asset_id, by)
    world.remove_member(user_id)


def change_role(world: World, user_id: str, role: str, by: User | None = None) -> None:
    """Give a user another role.

    Assumption: it shows in the logs of the user's ad accounts. meta-graph-api.md §1.6 has no other event for
    a changed user.
    """
    world.set_role(user_id, role)
    for asset_id in world.grants.get(user_id, {}):
        record_activity(world, ADDED, user_id, asset_id, by)


def give(world: World, user_id: str, asset_id: str, tasks: Iterable[str], by: User | None = None) -> None:
    """Give a user exactly these tasks on an asset."""
    world.assign(user_id, asset_id, tasks)
    record_activity(world, ADDED, user_id, asset_id, by)


def take(world: World, user_id: str, asset_id: str, by: User | None = None) -> bool:
    """Take a user's tasks on an asset away; return whether there were any."""
    if asset_id not in world.grants.get(user_id, {}):
        return False
    record_activity(world, REMOVED, user_id, asset_id, by)
    world.revoke(user_id, asset_id)
    return True
