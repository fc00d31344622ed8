"""Who may do what: about ten grants a member, two people in control everywhere, the stories' exceptions."""

from random import Random

from deployments.sandbox.world.members import Members
from deployments.sandbox.world.state import Asset, World
from deployments.sandbox.world.stories import LONELY_PAGE, LONELY_PAGE_HANDS
from deployments.sandbox.world.tasks_at_meta import usual_tasks

GRANTS_PER_MEMBER = 10


def grant_access(world: World, rng: Random, members: Members) -> None:
    """Give out all grants of the business users."""
    lonely = _leave_alone_in_control(world, members)
    assets = [one for one in world.assets.values() if one is not lonely]
    _play_stories(world, rng, members, assets)
    _put_in_control(world, rng, members, assets)
    _put_to_work(world, rng, members, assets)


def _leave_alone_in_control(world: World, members: Members) -> Asset | None:
    """Give the story's Page to its only person in control, let two others work on it, and return it.

    None if the hub is too small for the story.
    """
    lonely = next((one for one in world.assets.values() if one.name == LONELY_PAGE), None)
    alone = [user_id for character, user_id in members.characters if character.story == "last_in_control"]
    if lonely is None or not alone:
        return None
    world.assign(alone[0], lonely.id, usual_tasks(lonely).full)
    for character, user_id in members.characters:
        if character.story in LONELY_PAGE_HANDS:
            world.assign(user_id, lonely.id, usual_tasks(lonely).partial[1])
    return lonely


def _play_stories(world: World, rng: Random, members: Members, assets: list[Asset]) -> None:
    """Give the characters as much as their stories say."""
    choice = [one for one in assets if one.kind in ("page", "ad_account")]
    for character, user_id in members.characters:
        chosen = rng.sample(choice, min(len(choice), character.controls + character.works_on))
        for number, asset in enumerate(chosen):
            usual = usual_tasks(asset)
            world.assign(
                user_id, asset.id, usual.full if number < character.controls else rng.choice(usual.partial)
            )


def _put_in_control(world: World, rng: Random, members: Members, assets: list[Asset]) -> None:
    """Put two or three active people in control of each Page and ad account.

    They sit there under their own visible address, so that whoever judges a removal can see who they are.
    Where nearly nobody shows an address, colleagues with hidden ones help the owners.
    """
    owners = [user_id for character, user_id in members.characters if character.story == "owners"]
    helpers = members.stewards if len(members.stewards) * 50 > len(members.others) else members.active
    controllers = owners + rng.sample(helpers, min(len(helpers), max(9, len(helpers) // 3)))
    for asset in assets:
        if asset.kind in ("page", "ad_account"):
            wanted = 3 if rng.random() < 0.15 else 2
            for user_id in rng.sample(controllers, min(wanted, len(controllers))):
                world.assign(user_id, asset.id, usual_tasks(asset).full)


def _put_to_work(world: World, rng: Random, members: Members, assets: list[Asset]) -> None:
    """Spread the rest over the members, unevenly."""
    workers = [*members.stewards, *members.others]
    given = sum(map(len, world.grants.values()))
    total = GRANTS_PER_MEMBER * (len(workers) + len(members.characters)) - given
    appetite = [rng.gammavariate(2, 1) for _ in workers]
    scale = max(total, 2 * len(workers)) / (sum(appetite) or 1)
    owed = 0.0
    for user_id, part in zip(workers, appetite, strict=True):
        owed += part * scale
        owed -= _give(world, rng, user_id, assets, min(int(owed), len(assets) * 2 // 3))


def _give(world: World, rng: Random, user_id: str, assets: list[Asset], count: int) -> int:
    """Give a member that many grants on assets that are new to them; return how many it came to.

    People work mostly on neighbouring assets, and now and then somebody was given control for no good reason.
    """
    home = rng.randrange(len(assets)) if assets else 0
    mine = world.grants.setdefault(user_id, {})
    given = 0
    for _ in range(count * 4):
        if given >= count:
            break
        near = int(rng.expovariate(1 / (count + 12)))
        asset = assets[(home + near) % len(assets)] if rng.random() < 0.7 else rng.choice(assets)
        if asset.id not in mine:
            usual = usual_tasks(asset)
            draw = rng.random()
            tasks = usual.full if draw < 0.04 else usual.partial[int(len(usual.partial) * draw * draw)]
            world.assign(user_id, asset.id, tasks)
            given += 1
    return given
