"""What people do by hand at Meta, and in the directory, between two checks."""

from tests.flows.plain_check import BoxWorkspace, Check


def act_by_hand(hub: BoxWorkspace, before: Check) -> None:
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
