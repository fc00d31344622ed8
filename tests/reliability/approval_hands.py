"""What people do in the approval drill besides answering: requests, exceptions, by hand, in the directory."""

import re
from datetime import timedelta

from flows.login import log_in, send_code
from flows.member_requests import grant, invite, remove, revoke, set_role
from flows.owner_actions import exempt, match, unexempt
from flows.requesting import withdraw
from tests.reliability.approval_book import AuditedBook
from tests.reliability.approval_scene import LABEL, Approving
from tests.reliability.approval_seen import look
from tests.reliability.approval_steps import Step
from tests.reliability.approval_world import OWNERS, REST, address, person_id

LOGIN = re.compile(r"^\s*Your code:\s+([A-Z0-9]{10})\s*$", re.MULTILINE)


def _log_in(hub: Approving, name: str) -> None:
    ref = send_code(hub.settings, address(name))
    code = next(
        found[1] for mail in reversed(hub.mails(name)) if (found := LOGIN.search(mail["text"])) is not None
    )
    log_in(hub.settings, ref, code)


def ask_for(hub: Approving, step: Step) -> None:
    """Let an Owner ask for a change of a member, or take back what was asked last."""
    _log_in(hub, OWNERS[step.who % len(OWNERS)])
    settings, member = hub.settings, seat_among(hub, step.what)
    asset = f"page:{('700', '701')[step.what % 2]}"
    if step.how == "remove":
        remove(settings, LABEL, member, "moved on")
    elif step.how in ("set_role", "demote"):
        set_role(settings, LABEL, member, "ADMIN" if step.how == "set_role" else "EMPLOYEE", "a new job")
    elif step.how == "grant":
        tasks = ("MANAGE", "ADVERTISE", "CREATE_CONTENT")[step.what % 3]
        grant(settings, LABEL, member, asset, tasks, "for a client")
    elif step.how == "revoke":
        revoke(settings, LABEL, member, asset, "no more needed")
    elif step.how == "invite":
        who = address(REST[step.what % len(REST)])
        invite(settings, LABEL, [who], "EMPLOYEE", [f"{asset}=ADVERTISE"], "a colleague")
    else:
        asked = [
            one.said["asked"]["id"]
            for one in AuditedBook(hub.ws.folder / ".hubroster" / "ledger.db").of("requested")
        ]
        if asked:
            withdraw(settings, LABEL, asked[-1])


def decide_unasked(hub: Approving, step: Step) -> None:
    """Let an Owner make or end an exception, or say whose an unmatched seat is."""
    _log_in(hub, OWNERS[step.who % len(OWNERS)])
    settings, member = hub.settings, seat_among(hub, step.what)
    if step.how == "exempt":
        until = (hub.now() + timedelta(days=20)).date()
        exempt(settings, LABEL, member, until, "a contract")
    elif step.how == "unexempt":
        unexempt(settings, LABEL, member)
    else:
        match(settings, LABEL, "10012", person_id(REST[step.what % len(REST)]))


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
        admin(f"invites/{sorted(hub.box.world.invites)[step.what % len(hub.box.world.invites)]}/accept")


def change_directory(hub: Approving, step: Step, member: str) -> None:
    """Let somebody leave, come back (whose seat it is, where they had left), or be away."""
    seen = look(hub.box.world)
    ids = list(seen.people)
    if step.how.startswith("owner"):
        ids = [person_id(name) for name in OWNERS]
    elif step.how == "return":
        ids = [who for who in ids if seen.status(who) != "active"] or ids
        address_there = seen.seats[member].address if member in seen.seats else ""
        whose = seen.person_at.get(address_there, "")
        ids = [whose] if whose in ids else ids
    else:
        ids = ids[:13]  # those who have a seat
    status = {"leave": "deprovisioned", "owner leaves": "deprovisioned", "suspend": "suspended"}
    hub.ws.admin(f"directory/{ids[step.what % len(ids)]}", {"status": status.get(step.how, "active")})
