"""Who may do what: about ten grants a member, every Page and ad account under two people's control, and the stories' exceptions."""

import json
from datetime import timedelta
from random import Random

from deployments.sandbox.members import Members
from deployments.sandbox.stories import LONELY_PAGE
from deployments.sandbox.tasks_at_meta import usual_tasks
from deployments.sandbox.world import Asset, World, meta_time

GRANTS_PER_MEMBER = 10


def grant_access(world: World, rng: Random, members: Members) -> None:
    """Give out all grants of the business users."""
    assets = list(world.assets.values())
    lonely = _play_stories(world, rng, members, assets)
    _put_in_control(world, rng, members, [one for one in assets if one is not lonely])
    _put_to_work(world, rng, members, [one for one in assets if one is not lonely])


def _play_stories(world: World, rng: Random, members: Members, assets: list[Asset]) -> Asset | None:
    """Give the characters what their stories need, and return the Page that one of them is left alone with, if she is there."""
    pages_and_accounts = [
        one for one in assets if one.kind in ("page", "ad_account") and one.name != LONELY_PAGE
    ]
    lonely = None
    for character, user_id in members.characters:
        if character.story == "last_in_control":
            lonely = next((one for one in assets if one.name == LONELY_PAGE), None)
            if lonely:
                world.assign(user_id, lonely.id, usual_tasks(lonely).full)
        chosen = rng.sample(
            pages_and_accounts, min(len(pages_and_accounts), character.controls + character.works_on)
        )
        for number, asset in enumerate(chosen):
            usual = usual_tasks(asset)
            world.assign(
                user_id, asset.id, usual.full if number < character.controls else rng.choice(usual.partial)
            )
    return lonely


def _put_in_control(world: World, rng: Random, members: Members, assets: list[Asset]) -> None:
    """Put two or three active people in control of each Page and ad account.

    They are linked by their own visible address, so that whoever judges a removal can see them. A quarter of the stewards do
    it; where nearly nobody shows an address, colleagues with hidden ones help the owners.
    """
    owners = [user_id for character, user_id in members.characters if character.story == "owners"]
    helpers = (
        members.stewards
        if len(members.stewards) * 50 > len(members.others)
        else _active_others(world, members)
    )
    controllers = owners + rng.sample(helpers, len(helpers) // 4)
    for asset in assets:
        if asset.kind in ("page", "ad_account"):
            wanted = 3 if rng.random() < 0.25 else 2
            for user_id in rng.sample(controllers, min(wanted, len(controllers))):
                world.assign(user_id, asset.id, usual_tasks(asset).full)


def _active_others(world: World, members: Members) -> list[str]:
    active = {
        str(row["person_id"])
        for row in world.directory
        if row["status"] == "active" and row["kind"] == "employee"
    }
    return members.stewards + [one for one in members.others if world.answer_key[one]["person_id"] in active]


def _put_to_work(world: World, rng: Random, members: Members, assets: list[Asset]) -> None:
    """Spread the rest over the members, unevenly: each works mostly on neighbouring assets, and now and then gets control."""
    workers = [*members.stewards, *members.others]
    total = GRANTS_PER_MEMBER * (len(workers) + len(members.characters)) - sum(
        map(len, world.grants.values())
    )
    appetite = [rng.gammavariate(2, 1) for _ in workers]
    scale = max(total, 2 * len(workers)) / (sum(appetite) or 1)
    owed = 0.0
    for user_id, part in zip(workers, appetite, strict=True):
        owed += part * scale
        owed -= _give(world, rng, user_id, assets, min(int(owed), len(assets) * 2 // 3))


def _give(world: World, rng: Random, user_id: str, assets: list[Asset], count: int) -> int:
    """Give a member that many grants on assets that are new to them; return how many it came to."""
    home = rng.randrange(len(assets)) if assets else 0
    mine = world.grants.setdefault(user_id, {})
    given = 0
    for _ in range(count * 4):
        if given >= count:
            break
        near = int(rng.expovariate(1 / (count + 12)))
        asset = (
            assets[(home + near) % len(assets)]
            if rng.random() < 0.7
            else assets[int(rng.random() * len(assets))]
        )
        if asset.id not in mine:
            usual = usual_tasks(asset)
            draw = rng.random()
            tasks = usual.full if draw < 0.04 else usual.partial[int(len(usual.partial) * draw * draw)]
            world.assign(user_id, asset.id, tasks)
            given += 1
    return given


def give_system_users(world: World, rng: Random) -> None:
    """Give the integration its catalogs and ad accounts; hubroster's own system users read by their scopes, not by grants."""
    feed = next(
        user for user in world.users.values() if user.is_system and not user.name.startswith("hubroster")
    )
    for asset in world.assets_of("product_catalog", is_client=False):
        world.assign(feed.id, asset.id, usual_tasks(asset).full)
    accounts = list(world.assets_of("ad_account", is_client=False))
    for asset in rng.sample(accounts, min(4, len(accounts))):
        world.assign(feed.id, asset.id, ("ADVERTISE", "ANALYZE"))


def record_activities(world: World, rng: Random, accounts: int = 200) -> None:
    """Write who added whom to the first ad accounts (§1.6 AdActivity), the newest first.

    Assumptions: the object is the ad account, `extra_data` names the person who was added, and ids are business users' ids.
    """
    admins = [user for user in world.users.values() if user.role == "ADMIN" and not user.is_system]
    for asset in list(one for one in world.assets.values() if one.kind == "ad_account")[:accounts]:
        rows = []
        for user_id, tasks in list(world.holders.get(asset.id, {}).items())[:6]:
            actor = rng.choice(admins) if admins else world.user(user_id)
            at = world.now - timedelta(minutes=rng.randint(60, 400 * 1440))
            rows.append((at, actor, world.user(user_id), tasks))
        rows.sort(key=lambda row: row[0], reverse=True)
        world.activities[asset.id] = [
            {
                "actor_id": actor.id,
                "actor_name": actor.name,
                "application_id": world.app_id,
                "application_name": "Business settings",
                "date_time_in_timezone": at.strftime("%m/%d/%Y at %I:%M %p"),
                "event_time": meta_time(at),
                "event_type": "ad_account_add_user_to_role",
                "extra_data": json.dumps({"user_id": user.id, "user_name": user.name, "tasks": list(tasks)}),
                "object_id": asset.id.removeprefix("act_"),
                "object_name": asset.name,
                "object_type": "ACCOUNT",
                "translated_event_type": "Account user added",
            }
            for at, actor, user, tasks in rows
        ]
