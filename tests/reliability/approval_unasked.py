"""What the ledger says that nobody was asked: who decides it, and who the Owners are."""

from datetime import datetime, timedelta

from tests.reliability.approval_book import AuditedBook, Line
from tests.reliability.approval_memory import Memory
from tests.reliability.approval_seen import Moment
from tests.reliability.approval_valid import is_fit, is_independent

DECIDED = ("matched", "unlinked", "exempted", "exemption_ended", "requested")
BY_COMMAND = "login code"
WAIT = timedelta(hours=24)


def judge_unasked(moment: Moment, book: AuditedBook, memory: Memory) -> None:
    """What was decided or asked for by command was so by an Owner, who sat there, not about himself."""
    for one in book.of(*DECIDED, after=memory.head):
        if one.identified_by != BY_COMMAND:
            continue
        memory.tally[f"by command: {one.kind}"] += 1
        who = book.id_of(one.actor)
        assert any(typed.person == who for typed in moment.typed), f"{one.kind}, and nobody said so"
        assert one.actor in book.owners(one.seq, one.at), f"{one.kind} by somebody who is no Owner"
        assert is_fit(who, memory.directories), f"{one.kind} by an Owner who has left"
        if one.kind != "requested":
            number = one.said["member_id"]
            own = {memory.whose(number), memory.persons.get(number, "")}
            assert who not in own, f"{one.kind} by the one whose seat it is"
            assert who != book.id_of(one.said.get("person", "")), "somebody took a seat for his own"


def judge_owners(moment: Moment, book: AuditedBook, memory: Memory) -> None:
    """Nobody becomes an Owner, or is one no longer, but by another Owner's yes; and the last one stays."""
    for one in book.of("owner_named", "owner_dropped", after=memory.head):
        memory.tally[one.kind] += 1
        assert book.owners(one.seq, one.at + WAIT), "no Owner is left"
        if change := one.said.get("change"):
            _judge_by_request(one, change, book, memory)
            continue
        assert one.kind == "owner_named", "an Owner was dropped, and nobody asked for it"
        assert one.identified_by == "claim code", f"an Owner was named by {one.identified_by}"
        assert any(typed.person == book.id_of(one.said["person"]) for typed in moment.typed), (
            "somebody became an Owner, and did not accept"
        )
        assert datetime.fromisoformat(one.said["counts_from"]) >= one.at + WAIT, "an Owner counts at once"
        fit = [who for who in book.owners(one.seq - 1, one.at) if _is_surely_fit(book, who, memory)]
        assert len(fit) < 2, "an Owner was named by one, and there were two"


def _judge_by_request(one: Line, change: str, book: AuditedBook, memory: Memory) -> None:
    asked = next(row.said["asked"] for row in book.of("requested") if row.said["asked"]["id"] == change)
    wanted = asked["wanted"]
    assert wanted["kind"] == {"owner_named": "owner_add", "owner_dropped": "owner_drop"}[one.kind]
    assert wanted["person"] == one.said["person"], "somebody else was made an Owner than was asked"
    ended = [row for row in book.about(change, "request_ended") if row.seq < one.seq]
    assert not ended, "the Owners were changed by a request that was over"
    yes = {
        row.actor
        for row in book.of("answered", after=memory.head, until=one.seq)
        if row.said["answers"].get(change) == "do"
        and row.actor in book.owners(row.seq, row.at)
        and is_fit(book.id_of(row.actor), memory.directories)
        and is_independent(book, row.actor, asked, memory)
    }
    assert yes, "the Owners were changed without the yes of another one"


def _is_surely_fit(book: AuditedBook, who: str, memory: Memory) -> bool:
    return all(is_fit(book.id_of(who), [one]) for one in memory.directories)
