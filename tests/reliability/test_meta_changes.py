"""Many edges in trouble at once while people came and went: only the truth is told, and then all of it.

Every fault hits the listings of members, those of assets, and grants in both ways of being asked for; once or
for ever by turns, both with --all-cases. After a fault that lasted, a check without it tells the whole truth.
"""

from tests.flows.plain_check import BoxWorkspace, Check
from tests.reliability.meta_cases import Case
from tests.reliability.meta_scene import Scene
from tests.reliability.meta_verdict import nothing_false_is_told

PLACES = "groups"


def DEED(hub: BoxWorkspace, before: Check) -> None:
    """Remove one, add one, accept an invitation, give and take a grant; a linked colleague leaves."""
    world = hub.box.world
    seats = before.standing.seated.seats  # type: ignore[union-attr]
    linked = seats[(seats["tab"] == "onboarded") & (seats["kind"] == "user") & (seats["role"] == "EMPLOYEE")]
    told = {member for ids in world.stories.values() for member in ids["member_ids"]}
    free = linked[~linked["member_id"].isin(told)]
    gone, leaver, third = free["member_id"].tolist()[:3]
    (person,) = free[free["member_id"] == leaver]["person_id"]
    hub.admin(f"members/{gone}/remove")
    hub.admin("members", {"name": "Nadia Newcomer", "role": "EMPLOYEE", "email": "nadia@elsewhere.example"})
    hub.admin(f"invites/{world.stories['invitation_nobody_accepted']['invite_ids'][0]}/accept")
    hub.admin(f"directory/{person}", {"status": "deprovisioned"})
    hub.admin("grants/revoke", {"user": third, "asset": next(iter(world.grants[third]))})
    other = next(a.id for a in world.assets.values() if a.kind == "page" and a.id not in world.grants[third])
    hub.admin("grants", {"user": third, "asset": other, "tasks": ["ANALYZE"]})


def test_the_deeds_of_the_day_are_what_a_calm_check_tells(meta_scene: Scene) -> None:
    assert len(meta_scene.calm.told) == 6


def test_only_what_is_true_is_told_and_after_the_trouble_all_of_it(meta_scene: Scene, case: Case) -> None:
    nothing_false_is_told(meta_scene, case)
