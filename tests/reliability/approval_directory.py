"""What happens in the directory of the approval drill: people leave, come back, become guests, vanish."""

from deployments.sandbox.server import AdminError
from tests.reliability.approval_book import AuditedBook
from tests.reliability.approval_scene import Approving
from tests.reliability.approval_seen import Seen, look
from tests.reliability.approval_steps import Step
from tests.reliability.approval_world import (
    ADMINS,
    INVITED,
    OUTSIDER,
    OWNERS,
    REST,
    SEATED,
    STAFF,
    person_id,
    row,
)

STATUS = {"leave": "deprovisioned", "owner leaves": "deprovisioned", "suspend": "suspended"}
STATUS |= {"restored leaves": "deprovisioned", "invited leaves": "deprovisioned"}
EVERYBODY = {person_id(name): name for name in (*ADMINS, *STAFF, *OWNERS, INVITED, *REST)}


def change_directory(hub: Approving, step: Step, member: str) -> None:
    """Let somebody leave, come back (whose seat it is, where they had left), or be away."""
    who = _who(hub, step, member)
    if not who:
        return
    if step.how == "owner vanishes":
        hub.box.world.directory[:] = [one for one in hub.box.world.directory if one["person_id"] != who]
        hub.ws.move_clock(hub.at_s)  # writes the file anew
        return
    kind = "guest" if step.how == "owner is a guest" else "employee"
    changes = {"status": STATUS.get(step.how, "active"), "kind": kind}
    try:
        hub.ws.admin(f"directory/{who}", changes)
    except AdminError:  # who had vanished is there again
        hub.box.world.directory.append(row(EVERYBODY[who]) | changes)
        hub.ws.move_clock(hub.at_s)


def _who(hub: Approving, step: Step, member: str) -> str:
    """Return the id of the person, empty where there is nobody of that sort."""
    seen = look(hub.box.world)
    ids = list(seen.people)
    if step.how in ("removed returns", "restored leaves"):
        ids = _gone(hub) if step.how == "removed returns" else [one for one in _returned(seen) if one]
    elif step.how == "invited leaves":
        ids = _to_be_invited(hub, seen)
    elif step.how.startswith("owner"):
        ids = [person_id(name) for name in OWNERS]
    elif step.how == "return":
        ids = [who for who in ids if seen.status(who) != "active"] or ids
        address_there = seen.seats[member].address if member in seen.seats else ""
        whose = seen.person_at.get(address_there, "")
        ids = [whose] if whose in ids else ids
    else:
        ids = [person_id(name) for name in (*ADMINS, *STAFF, OWNERS[2])]  # those who have a seat, and Olga
    return ids[step.what % len(ids)] if ids else ""


def _gone(hub: Approving) -> list[str]:
    """Return whose seats the program has removed."""
    book = AuditedBook(hub.ws.folder / ".hubroster" / "ledger.db")
    done = {one.said["member_id"] for one in book.of("result") if one.said["outcome"] == "done"}
    gone = sorted(done & SEATED.keys() - hub.box.world.users.keys())
    return [person_id(SEATED[one]) for one in gone if SEATED[one] != OUTSIDER]


def _to_be_invited(hub: Approving, seen: Seen) -> list[str]:
    """Return whom an approval that is not settled yet invites, for the first time or again."""
    book = AuditedBook(hub.ws.folder / ".hubroster" / "ledger.db")
    settled = {one.said["approval"] for one in book.of("result")}
    asked = [one.said["asked"].get("wanted") for one in book.of("approved") if one.seq not in settled]
    addresses = [book.id_of(one["address"]) for one in asked if one and one["address"]]
    return [seen.person_at[one] for one in addresses if one in seen.person_at]


def _returned(seen: Seen) -> list[str]:
    """Return who has a seat that is not the one of the morning."""
    return [seen.person_at.get(one.address, "") for number, one in seen.users.items() if number not in SEATED]
