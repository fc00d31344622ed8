"""System users: hubroster's two with their tokens, and an integration with what it works on."""

from datetime import timedelta
from random import Random

from deployments.sandbox.world.ids import Ids
from deployments.sandbox.world.state import Token, User, World
from deployments.sandbox.world.stories import SYSTEM_USERS
from deployments.sandbox.world.tasks_at_meta import usual_tasks
from deployments.sandbox.world.tokens import SCOPES


def add_system_users(world: World, ids: Ids) -> None:
    """Add the two that hubroster's tokens belong to, and an integration."""
    for name, role in SYSTEM_USERS:
        user = User(ids.new(), name, role, is_system=True, created_time=world.now - timedelta(days=500))
        world.users[user.id] = user
        world.answer_key[user.id] = {"truth": "none", "person_id": None, "variant": "system"}


def give_system_users(world: World, rng: Random) -> None:
    """Give the integration its catalogs and ad accounts; hubroster's own system users have their scopes."""
    integration = [user for user in world.users.values() if user.is_system][-1]
    for asset in world.assets_of("product_catalog", is_client=False):
        world.assign(integration.id, asset.id, usual_tasks(asset).full)
    accounts = list(world.assets_of("ad_account", is_client=False))
    for asset in rng.sample(accounts, min(4, len(accounts))):
        world.assign(integration.id, asset.id, usual_tasks(asset).partial[0])


def add_tokens(world: World, rng: Random) -> None:
    """Add a token for each of hubroster's system users, and the app's own (§1.8: `app id|secret`).

    The reader is an EMPLOYEE, so it may write nothing; the writer is an ADMIN.
    """
    reader, writer = [user for user in world.users.values() if user.is_system][:2]
    world.access_token = f"sandbox-read-{rng.getrandbits(160):040x}"
    world.write_token = f"sandbox-write-{rng.getrandbits(160):040x}"
    app_token = f"{world.app_id}|{world.app_secret}"
    for token in (
        Token(world.access_token, "SYSTEM_USER", world.app_id, reader.id, SCOPES),
        Token(world.write_token, "SYSTEM_USER", world.app_id, writer.id, SCOPES),
        Token(app_token, "APP", world.app_id, None, ()),
    ):
        world.tokens[token.token] = token
