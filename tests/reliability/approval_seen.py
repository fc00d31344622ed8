"""What really is at Meta and in the directory, and what a step changed there: the stand-in's own world."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from deployments.sandbox.world import World
from tests.flows.plain_check import Check
from tests.reliability.approval_steps import Step

FULL_CONTROL, CONTROL = "ADMIN", "MANAGE"
Effect = tuple[str, str, str]  # call, whom, and on what: asset, role or nothing


@dataclass(frozen=True, slots=True)
class SeatSeen:
    """One seat or invitation. `grants`: asset → tasks."""

    kind: str
    name: str
    address: str
    role: str
    grants: Mapping[str, frozenset[str]]
    status: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """Seats and invitations by Meta id, people by id: (status, kind), and addresses → people."""

    seats: Mapping[str, SeatSeen]
    people: Mapping[str, tuple[str, str]]
    person_at: Mapping[str, str]

    @property
    def users(self) -> dict[str, SeatSeen]:
        return {number: one for number, one in self.seats.items() if one.kind == "user"}

    def status(self, person: str) -> str:
        return self.people.get(person, ("", ""))[0]

    def in_control(self, asset: str) -> set[str]:
        """Return the users who control an asset."""
        return {number for number, one in self.users.items() if CONTROL in one.grants.get(asset, ())}


def look(world: World) -> Seen:
    """Return what there is now; system users left out."""
    seats = {
        user.id: SeatSeen(
            "user",
            user.name,
            (user.email or "").lower(),
            user.role,
            {asset: frozenset(tasks) for asset, tasks in world.grants.get(user.id, {}).items()},
        )
        for user in world.users.values()
        if not user.is_system
    }
    for one in world.invites.values():
        seats[one.id] = SeatSeen("pending", "", one.email.lower(), one.role, {}, one.status)
    people = {str(row["person_id"]): (str(row["status"]), str(row["kind"])) for row in world.directory}
    person_at = {str(row["primary_email"]).lower(): str(row["person_id"]) for row in world.directory}
    return Seen(seats, people, person_at)


def effects(before: Seen, after: Seen) -> Iterator[Effect]:
    """Yield every difference at Meta."""
    for number, was in before.seats.items():
        now = after.seats.get(number)
        if now is None:
            yield ("remove" if was.kind == "user" else "cancel_invitation"), number, ""
            continue
        if (was.name, was.address, was.kind, was.status) != (now.name, now.address, now.kind, now.status):
            yield "change", number, ""
        if was.role != now.role:
            yield "set_role", number, now.role
        for asset in {*was.grants, *now.grants}:
            had, has = was.grants.get(asset, frozenset()), now.grants.get(asset, frozenset())
            if asset not in now.grants:
                yield "revoke", number, asset
            elif had != has:
                yield ("grant" if had < has else "replace"), number, asset
    for number in after.seats.keys() - before.seats.keys():
        yield "invite", after.seats[number].address, after.seats[number].role


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody said in a step: who, about what (None: anything; else ids or words of it), what."""

    person: str
    about: frozenset[str] | None
    answers: frozenset[str]


@dataclass
class Moment:
    """One step as it was: what was there before and after, what was said, and what came of it.

    `ran`: the program was at work. `ended`: it ended by itself, neither crashed nor refused. `mails`: how
    many the mail server had taken before; `post`: how it behaved (approval_post.py).
    """

    step: Step
    before: Seen
    began: datetime
    mails: int
    post: str
    after: Seen = field(init=False)
    ran: bool = False
    ended: bool = True
    typed: list[Typed] = field(default_factory=list)
    check: Check | None = None
    trouble: str = ""

    @property
    def is_calm(self) -> bool:
        return self.step.is_calm and self.ended
