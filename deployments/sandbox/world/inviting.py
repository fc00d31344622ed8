"""Sending invitations through the API."""

from collections.abc import Sequence
from datetime import timedelta

from deployments.sandbox.world.invites import LIFE_DAYS
from deployments.sandbox.world.roles import add_permissions, base_role
from deployments.sandbox.world.state import Invite, User, World


def invite(world: World, email: str, roles: Sequence[str], user_type: tuple[str, ...], by: User) -> Invite:
    """Send an invitation and return it; whoever accepts it will have a name."""
    invite_id = world.new_id()
    made = Invite(
        id=invite_id,
        email=email,
        role=base_role(roles),
        status="PENDING",
        created_time=world.now,
        expiration_time=world.now + timedelta(days=LIFE_DAYS),
        created_by=by.id,
        invite_link=f"https://business.facebook.example/invitation/?token={int(invite_id):024x}",
        joins_as=_guest(world, email, roles),
        tasks=tuple(roles[1:]),
        invited_user_type=user_type,
    )
    world.invites[made.id] = made
    _note_who(world, made)
    world.version += 1
    return made


def change_invite(world: World, made: Invite, roles: Sequence[str]) -> None:
    """Let an invitation be for other roles."""
    made.role, made.tasks = base_role(roles), tuple(roles[1:])
    made.joins_as.finance_permission = made.joins_as.ip_permission = None
    add_permissions(made.joins_as, roles)
    world.version += 1


def send_again(world: World, made: Invite) -> None:
    """Send an invitation a second time: it lives as long as a new one."""
    made.created_time, made.expiration_time = world.now, world.now + timedelta(days=LIFE_DAYS)
    world.version += 1


def open_invite(world: World, email: str) -> Invite | None:
    """Return the invitation of this address that can still be accepted."""
    for one in world.invites.values():
        if is_open(world, one) and one.email.lower() == email.lower():
            return one
    return None


def is_open(world: World, made: Invite) -> bool:
    """Tell whether an invitation can still be accepted."""
    return made.status == "PENDING" and made.expiration_time > world.now


def _guest(world: World, email: str, roles: Sequence[str]) -> User:
    """Return who will join: named as the directory names the address, or as the address reads."""
    person = _person(world, email) or {}
    first = str(person.get("given_name") or email.partition("@")[0])
    last = str(person.get("family_name") or "")
    name = f"{first} {last}".strip()
    guest = User(
        world.new_id(), name, base_role(roles), first_name=first, last_name=last or None, email=email
    )
    guest.two_fac_status = "enabled"  # assumption, as for other users
    add_permissions(guest, roles)
    return guest


def _person(world: World, email: str) -> dict[str, object] | None:
    """Return the row of the directory that has this address."""
    for row in world.directory:
        if str(row.get("primary_email", "")).lower() == email.lower():
            return row
    return None


def _note_who(world: World, made: Invite) -> None:
    """Write down who the invitation and the user to come truly are."""
    person = _person(world, made.email)
    truth, person_id = ("match", person["person_id"]) if person else ("none", None)
    for member_id, variant in ((made.id, "invitation"), (made.joins_as.id, "exact/work")):
        world.answer_key[member_id] = {"truth": truth, "person_id": person_id, "variant": variant}
