"""Who are the Owners of a hub, and which question each of them may answer (design §9)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from matching.review.asked import Asked
from matching.review.rows import Row

NAMED, DROPPED = "owner_named", "owner_dropped"


@dataclass(frozen=True, slots=True)
class Known:
    """What the directory says of a person now: `kind` and `status` as in design §1."""

    person_id: str
    kind: str
    status: str
    name: str = field(default="", repr=False)
    address: str = field(default="", repr=False)


def is_fit(person: Known) -> bool:
    """Say whether somebody can act as an Owner: an active employee of the directory."""
    return person.kind == "employee" and person.status == "active"


def gets_mail(person: Known | None) -> bool:
    """Say whether mails of the hub go to this Owner: he is there, whatever else he may do."""
    return person is not None and person.status == "active"


def owners_of(rows: Iterable[Row], hub: str, now: datetime) -> tuple[str, ...]:
    """Return the references of a hub's Owners who count by now, in the order in which they were named."""
    found: dict[str, datetime] = {}
    for row in rows:
        if row.hub != hub:
            continue
        if row.kind == NAMED:
            found[row.payload["person"]] = datetime.fromisoformat(row.payload["counts_from"])
        elif row.kind == DROPPED:
            found.pop(row.payload["person"], None)
    return tuple(person for person, since in found.items() if since <= now)


def distinct(owners: Iterable[str], known: Mapping[str, Known]) -> tuple[str, ...]:
    """Return the Owners, of those who read one mailbox the first who can act, or else the first.

    Two sources of the directory may have one person under two ids: two approvers are two persons. Who left
    and came back has two ids as well, and only one of them can act.
    """
    found: dict[str, str] = {}
    in_turn = list(owners)
    for who in sorted(in_turn, key=lambda one: one not in known or not is_fit(known[one])):
        found.setdefault(_mailbox(known.get(who)) or who, who)
    return tuple(who for who in in_turn if who in found.values())


def why_not(person: str, asked: Asked, owners: Iterable[str], known: Mapping[str, Known]) -> str:
    """Return why a person may not answer a question, or nothing when he may.

    `known`: reference → what the directory says now, of the Owners and of everybody it is asked about.
    """
    if person not in owners:
        return "not an Owner of this hub"
    who = known.get(person)
    if who is None or not is_fit(who):
        return "an Owner must be an active employee of the directory"
    if asked.wanted and person == asked.wanted.proposer:
        return "nobody approves what he asked for himself: another Owner must"
    if person in asked.persons or _mailbox(who) in {_mailbox(known.get(one)) for one in asked.persons} - {""}:
        return "nobody answers about his own seat, or a seat that could be his"
    return ""


def _mailbox(person: Known | None) -> str:
    """Return what tells one person who stands in the directory under two ids."""
    return person.address.strip().lower() if person else ""
