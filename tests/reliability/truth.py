"""What a check may not say, whatever Meta did: the stand-in's own world is the witness."""

from deployments.sandbox.world import World
from tests.flows.plain_check import Check
from tests.reliability.facts import Facts

Held = dict[tuple[str, str], tuple[str, ...]]


def assert_nothing_is_lost(world: World, before: Facts, after: Facts) -> None:
    """Assert that no member, grant or asset that is still there was closed."""
    assert members(before) & there(world) <= members(after)
    assert grants(before).keys() & held(world).keys() <= grants(after).keys()
    assert assets(before) & set(world.assets) <= assets(after)


def assert_all_is_there(world: World, after: Facts, *, whole: bool) -> None:
    """Assert that what holds is what is true; of fields that Meta left out (not `whole`) nothing is known."""
    assert members(after) == there(world)
    if whole:
        assert grants(after) == held(world)
        roles = {row[2]: row[7] for row in after["members"] if row[1] != "pending"}
        assert roles == {user.id: user.role for user in world.users.values()}


def assert_nobody_is_told_gone(world: World, check: Check) -> None:
    """Assert that the report calls nothing gone that is still there."""
    for change in check.report["changes"]:
        member, asset = change.get("member", {}).get("member_id"), change.get("asset", {}).get("asset_id")
        if change["kind"] == "member_gone":
            assert member not in there(world)
        elif change["kind"] == "grant_gone":
            assert (member, asset) not in held(world)
        elif change["kind"] == "asset_gone":
            assert asset not in world.assets


def there(world: World) -> set[str]:
    return {*world.users, *world.invites}


def held(world: World) -> Held:
    return {
        (user, asset): tuple(sorted(tasks))
        for user, assets in world.grants.items()
        for asset, tasks in assets.items()
    }


def members(facts: Facts) -> set[str]:
    return {row[2] for row in facts["members"]}


def assets(facts: Facts) -> set[str]:
    return {row[1] for row in facts["assets"]}


def grants(facts: Facts) -> Held:
    return {(row[2], row[4]): tuple(row[5]) for row in facts["grants"]}
