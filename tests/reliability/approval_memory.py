"""What the judge of the approval drill remembers from step to step."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from tests.reliability.approval_book import AuditedBook
from tests.reliability.approval_seen import Moment, SeatSeen, Seen

Facts = tuple[object, ...]


@dataclass
class Memory:
    """`head`: the last row judged. `persons`: Meta id → person id of whose seat it truly is.

    `asked_as`: change id → the facts when it was asked by a check that nothing disturbed. `directories`: what
    the program may hold for the directory: as last read for certain, and as it was at readings since.
    """

    head: int
    hashes: list[str]
    persons: dict[str, str]
    names: dict[str, set[str]]
    directories: list[Seen]
    asked_as: dict[str, Facts] = field(default_factory=dict)
    moved: set[str] = field(default_factory=set)  # people whose status has changed since the morning
    done_by: dict[int, datetime] = field(
        default_factory=dict
    )  # approvals that took effect, and when intended
    asked_of: dict[str, str] = field(default_factory=dict)  # request → whose the seat was when it was made
    said: dict[str, str] = field(default_factory=dict)
    mail_at: dict[str, str] = field(default_factory=dict)  # person id → address
    removed: dict[str, SeatSeen] = field(
        default_factory=dict
    )  # Meta id → what the seat was when it was taken
    known_seats: set[str] = field(default_factory=set)  # users of the last check that nothing disturbed
    crashed_at: datetime | None = None
    tally: Counter[str] = field(default_factory=Counter)  # how often what happened

    def whose(self, number: str) -> str:
        """Return the person id of whose seat it is, empty for nobody's."""
        return self.said.get(number) or self.persons.get(number, "")

    def address_of(self, person: str) -> str:
        return self.mail_at.get(person, "")

    def learn(self, seen: Seen) -> None:
        """Learn whose the seats are, by the addresses that only Meta and the directory give."""
        self.mail_at |= {person: address for address, person in seen.person_at.items()}
        for number, one in seen.seats.items():
            self.persons.setdefault(number, seen.person_at.get(one.address, ""))
            self.names.setdefault(number, set()).update(word for word in (one.name, one.address) if word)

    def learn_moves(self, before: Seen, after: Seen) -> None:
        everybody = {*before.people, *after.people}
        self.moved |= {who for who in everybody if before.people.get(who) != after.people.get(who)}

    def note_reading(self, moment: Moment) -> None:
        """Note that the program has, or may have, read the directory."""
        if moment.step.kind not in ("check", "apply"):
            return
        if not moment.ended:
            self.crashed_at = moment.began
        if moment.step.kind == "check" and moment.ended and not moment.step.short:
            self.directories = [moment.before]
        elif not moment.step.short:
            self.directories.append(moment.before)

    def facts(self, seen: Seen, number: str) -> Facts:
        """Return what a question about a seat rests on."""
        one = seen.seats.get(number, SeatSeen("", "", "", "", {}))
        grants = tuple(sorted((asset, tuple(sorted(tasks))) for asset, tasks in one.grants.items()))
        person = self.whose(number)
        left = seen.status(person) == "deprovisioned"
        return (one.kind, one.name, one.address, one.role, grants, person, left)


def memory_of(book: AuditedBook, seen: Seen) -> Memory:
    """Return the memory of the morning, when the Owners have just been asked."""
    memory = Memory(book.head, [one.hash for one in book.lines], {}, {}, [seen])
    memory.learn(seen)
    review = book.open_review()
    for asked in review.said["asked"] if review else []:
        memory.asked_as[asked["id"]] = memory.facts(seen, asked["member_id"])
    return memory
