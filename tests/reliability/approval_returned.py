"""Who is brought back: with what they had and no more, and with all that was promised."""

from datetime import timedelta

from tests.reliability.approval_book import AuditedBook
from tests.reliability.approval_memory import Memory
from tests.reliability.approval_seen import Moment

DONE = ("done", "already_done")
PROMISED_FOR = timedelta(days=30)


def judge_restored(book: AuditedBook, memory: Memory) -> None:
    """What is asked for when somebody is to be brought back is what he had when he was removed."""
    for one in book.of("requested", after=memory.head):
        asked = one.said["asked"]
        memory.asked_of[asked["id"]] = memory.whose(asked["member_id"])
        if asked["kind"] != "restore":
            continue
        memory.tally["asked: restore"] += 1
        had = memory.removed.get(asked["member_id"])
        assert had is not None, "somebody is to be brought back who was not removed"
        wanted = asked["wanted"]
        assert wanted["role"] == had.role, "brought back with another role"
        assert book.id_of(wanted["address"]) == had.address, "somebody else is brought back"
        given = {asset: frozenset(tasks) for _, asset, tasks in wanted["grants"]}
        assert given == dict(had.grants), "brought back with other access"


def note_checked(moment: Moment, memory: Memory) -> None:
    """Remember which seats the program knows of for certain."""
    if moment.check is not None and moment.ended and moment.step.is_calm and moment.check.complete:
        memory.known_seats = set(moment.before.users)


def judge_promises(moment: Moment, book: AuditedBook, memory: Memory) -> None:
    """When an undisturbed run is over, nobody whose seat was seen is without what was promised to him."""
    for done in book.of("result"):
        approval = book.lines[done.said["approval"] - 1]
        wanted = approval.said["asked"].get("wanted") or {"kind": ""}
        new = wanted["kind"] in ("invite", "restore") and done.said["outcome"] in DONE
        if not new or not done.said.get("meta_id") or moment.began - done.at > PROMISED_FOR:
            continue
        address = book.id_of(wanted["address"])
        there = [number for number, one in moment.before.users.items() if one.address == address]
        if len(there) != 1 or there[0] not in memory.known_seats:
            continue
        given = [one for one in book.of("approved") if one.said.get("promised_by") == approval.seq]
        missing = len(wanted["grants"]) - len(given)
        assert not missing, f"{missing} promised with an invitation were forgotten"
        memory.tally["promises seen through"] += 1
