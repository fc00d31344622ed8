"""A change of each kind that can be made at the stand-in, and whether it is so in the world."""

from collections.abc import Callable

from deployments.sandbox.server import Sandbox
from deployments.sandbox.world import Invite
from tasks.meta.change import Change

Made = Callable[[Sandbox], Change]
NEW = "Nora.New@northwind.example"


def a_member(box: Sandbox) -> str:
    """Return a plain business user with a seat."""
    return next(one.id for one in box.world.users.values() if not one.is_system and one.role == "EMPLOYEE")


def an_invitation(box: Sandbox) -> Invite:
    """Return an invitation that can still be accepted."""
    return next(one for one in box.world.invites.values() if one.expiration_time > box.world.now)


def an_asset(box: Sandbox, kind: str) -> str:
    """Return an asset of our own."""
    return next(one.id for one in box.world.assets_of(kind, is_client=False))


def a_removal(box: Sandbox) -> Change:
    return Change("remove", "user", a_member(box))


def a_cancellation(box: Sandbox) -> Change:
    found = an_invitation(box)
    return Change("cancel_invitation", "pending", found.id, address=found.email.upper())


def an_invite(box: Sandbox) -> Change:
    return Change("invite", "pending", "", address=NEW, role="EMPLOYEE")


def a_promotion(box: Sandbox) -> Change:
    return Change("set_role", "user", a_member(box), role="ADMIN")


def a_grant(box: Sandbox, kind: str = "ad_account") -> Change:
    member = a_member(box)
    asset = an_asset(box, kind)
    box.admin("grants", {"user": member, "asset": asset, "tasks": ["ADVERTISE"]})
    return Change("grant", "user", member, asset_kind=kind, asset_id=asset, tasks=("ANALYZE",))


def a_revoke(box: Sandbox) -> Change:
    grant = a_grant(box, "page")
    return Change("revoke", "user", grant.member_id, asset_kind="page", asset_id=grant.asset_id)


KINDS: dict[str, Made] = {
    "remove": a_removal,
    "cancel_invitation": a_cancellation,
    "invite": an_invite,
    "set_role": a_promotion,
    "grant": a_grant,
    "revoke": a_revoke,
}


def is_so(box: Sandbox, change: Change) -> bool:
    """Say what is true in the world: whether the change is done there."""
    world = box.world
    tasks = world.grants.get(change.member_id, {}).get(change.asset_id, ())
    if change.kind in ("remove", "cancel_invitation"):
        return change.member_id not in world.users and change.member_id not in world.invites
    if change.kind == "invite":
        return any(one.email == change.address for one in world.invites.values())
    if change.kind == "set_role":
        return world.users[change.member_id].role == change.role
    return {"ADVERTISE", "ANALYZE"} <= set(tasks) if change.kind == "grant" else not tasks


def by_hand(box: Sandbox, change: Change) -> None:
    """Let somebody do the same in Meta's settings."""
    of, asset = change.member_id, {"user": change.member_id, "asset": change.asset_id}
    if change.kind == "set_role":
        box.admin(f"members/{of}/role", {"role": change.role})
    elif change.kind == "grant":
        box.admin("grants", {**asset, "tasks": ["ADVERTISE", "ANALYZE"]})
    elif change.kind == "revoke":
        box.admin("grants/revoke", asset)
    else:
        box.admin(f"members/{of}/remove", {})
