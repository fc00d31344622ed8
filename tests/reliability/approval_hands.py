"""What somebody does by hand at Meta in the approval drill, and to which seat."""

from tests.reliability.approval_scene import Approving
from tests.reliability.approval_seen import look
from tests.reliability.approval_steps import Step
from tests.reliability.approval_world import OWNERS, person_id


def seat_among(hub: Approving, what: int) -> str:
    """Return the id of a seat; three times as often that of a leaver, and twice that of an Owner."""
    seats = look(hub.box.world)
    people = {number: seats.person_at.get(one.address, "") for number, one in seats.users.items()}
    left = [number for number in people if seats.status(people[number]) == "deprovisioned"]
    owners = [number for number in people if people[number] in map(person_id, OWNERS)]
    ids = sorted([*people, *left, *left, *owners])
    return ids[what % len(ids)] if ids else ""


def act_at_meta(hub: Approving, step: Step, member: str) -> None:
    """Let somebody change something in Meta's settings, or accept an invitation."""
    admin = hub.ws.admin
    asset = ("700", "701", "act_800")[step.what % 3]
    if step.how == "role":
        role = ("ADMIN", "EMPLOYEE", "DEVELOPER")[step.who % 3]
        admin(f"members/{member}/role", {"role": role})
    elif step.how == "name":
        admin(f"members/{member}", {"name": f"{hub.box.world.users[member].name} Jr"})
    elif step.how == "remove":
        admin(f"members/{member}/remove")
    elif step.how in ("grant", "control"):
        tasks = ["MANAGE", "ADVERTISE"] if step.how == "control" else ["ANALYZE"]
        admin("grants", {"user": member, "asset": asset, "tasks": tasks})
    elif step.how == "revoke":  # from those in control, as a rule
        held = sorted(look(hub.box.world).in_control(asset)) or [member]
        admin("grants/revoke", {"user": held[step.who % len(held)], "asset": asset})
    elif hub.box.world.invites:
        ids = sorted(hub.box.world.invites, key=int)
        which = ids[-1] if step.how == "accept newest" else ids[step.what % len(ids)]
        admin(f"invites/{which}/accept")
