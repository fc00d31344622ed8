"""Whether a change that was begun at Meta rests on a valid approval, by the raw rows and the true world."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from tests.reliability.approval_book import YES, AuditedBook, Line
from tests.reliability.approval_memory import Memory
from tests.reliability.approval_seen import FULL_CONTROL, Effect, Moment, Seen

HOLD, LIFE, TICK = timedelta(minutes=15), timedelta(hours=24), timedelta(seconds=5)


def approval_of(book: AuditedBook, begun: Line) -> Line:
    """Return the one approval that an intention names, which no other one has named."""
    approval = book.lines[begun.said["approval"] - 1]
    assert approval.kind == "approved", "an intention names no approval"
    same = [one for one in book.of("intended") if one.said["approval"] == approval.seq]
    assert len(same) == 1, "an approval was begun twice"
    settled = [one for one in book.of("result", until=begun.seq) if one.said["approval"] == approval.seq]
    assert not settled, "an approval was begun after its result"
    return approval


def effect_of(book: AuditedBook, approval: Line) -> Effect:
    """Return what an approval allows to be done."""
    asked = approval.said["asked"]
    wanted = asked.get("wanted")
    if wanted is None or wanted["kind"] == "remove_member":
        return ("remove" if asked["member_kind"] == "user" else "cancel_invitation"), asked["member_id"], ""
    if wanted["kind"] in ("invite", "restore"):
        return "invite", book.id_of(wanted["address"]), wanted["role"]
    if wanted["kind"] == "set_role":
        return "set_role", asked["member_id"], wanted["role"]
    return wanted["kind"], asked["member_id"], wanted["grants"][0][1]


def judge_intention(book: AuditedBook, begun: Line, moment: Moment, memory: Memory) -> None:
    """Raise AssertionError unless the change may be made at this moment."""
    approval = approval_of(book, begun)
    asked = approval.said["asked"]
    _judge_kept_word(book, approval, begun, asked)
    if promised := approval.said.get("promised_by"):
        _judge_promise(book, approval, book.lines[promised - 1], moment)
        approval = book.lines[promised - 1]
        _judge_persons(book, approval, begun, moment, memory, is_late=True)
        return
    assert book.asked(asked["id"]) == asked, "what was approved is not what was asked"
    _judge_persons(book, approval, begun, moment, memory)
    _judge_facts(book, asked, moment, memory)


def _judge_kept_word(book: AuditedBook, approval: Line, begun: Line, asked: dict[str, Any]) -> None:
    """Nobody said stop between the approval and the call."""
    takes = (asked.get("wanted") or {"kind": "remove_member"})["kind"] == "remove_member"
    later = {"after": approval.seq, "until": begun.seq}
    for one in book.of("answered", **later):
        answer = one.said["answers"].get(asked["id"])
        takes_back = answer == "withdraw" and one.actor in approval.said["by"]
        assert answer in (None, "withdraw", *YES), "done although an Owner said stay"
        assert not takes_back, "done although an approver took his yes back"
    for one in book.of("kept", "exempted", **later):
        same = (one.said["member_kind"], one.said["member_id"]) == (asked["member_kind"], asked["member_id"])
        assert not (takes and same), "done although it was decided meanwhile that they stay"
    ended = [one for one in book.of("request_ended", **later) if one.said["change"] == asked["id"]]
    assert not ended, "done although the request was taken back"


def _judge_persons(
    book: AuditedBook, approval: Line, begun: Line, moment: Moment, memory: Memory, *, is_late: bool = False
) -> None:
    """As many independent Owners as it takes said yes, in time, and the hold is over."""
    asked, words = approval.said["asked"], book.words(approval)
    if is_late:  # what was promised with an invitation counts by those who approved that
        yes = {book.id_of(who): at for who, (answer, at) in words.items() if answer in YES}
        assert len(yes) >= asked["needs"], "access was promised by too few"
        return
    owners = book.owners(begun.seq, begun.at)
    may = {who: _may(book, who, asked, moment, memory) and who in owners for who in words}
    against = [who for who, (answer, _) in words.items() if answer not in YES and may[who]]
    assert not against, "done although an Owner's keep stands"
    times: dict[str, datetime] = {}
    for who, (answer, at) in words.items():
        if answer in YES and may[who]:
            times.setdefault(book.id_of(who), at)
    needs = _needed(asked, moment.before)
    assert len(times) >= needs, f"{len(times)} independent Owners approved, {needs} are needed"
    complete = sorted(times.values())[needs - 1]
    assert begun.at >= complete + HOLD - TICK, "done within the hold"
    if not memory.moved & set(times):
        assert begun.at - complete <= LIFE + TICK, "done after the approval had lapsed"


def _may(book: AuditedBook, who: str, asked: dict[str, Any], moment: Moment, memory: Memory) -> bool:
    person = book.id_of(who)
    known = [*memory.directories, moment.before] if moment.step.short else [moment.before]
    return is_independent(book, who, asked, memory) and is_fit(person, known)


def is_fit(person: str, known: Iterable[Seen]) -> bool:
    """Say whether somebody is an active employee by a directory that the program may hold."""
    return any(one.people.get(person) == ("active", "employee") for one in known)


def sure_owners(book: AuditedBook, memory: Memory, now: datetime) -> list[str]:
    """Return the Owners who can act, by every directory that the program may hold."""
    owners = book.owners(book.head, now)
    return [who for who in owners if all(is_fit(book.id_of(who), [one]) for one in memory.directories)]


def is_independent(book: AuditedBook, who: str, asked: dict[str, Any], memory: Memory) -> bool:
    """Say whether a question is not about a person's own seat, nor his own request."""
    person = book.id_of(who)
    about = {book.id_of(ref) for ref in asked["persons"]} | {memory.whose(asked["member_id"])}
    return person not in about and who != (asked.get("wanted") or {}).get("proposer")


def _needed(asked: dict[str, Any], before: Seen) -> int:
    wanted = asked.get("wanted")
    takes = wanted is None or wanted["kind"] == "remove_member"
    seat = before.seats.get(asked["member_id"])
    return 2 if takes and seat is not None and seat.role == FULL_CONTROL else 1


def _judge_facts(book: AuditedBook, asked: dict[str, Any], moment: Moment, memory: Memory) -> None:
    """What the approval rests on is as it was; nobody active goes unless somebody asked for it."""
    before, wanted, number = moment.before, asked.get("wanted"), asked["member_id"]
    if wanted is not None and wanted["kind"] in ("invite", "restore"):
        whose = before.person_at.get(book.id_of(wanted["address"]), "")
        assert before.status(whose) != "deprovisioned" or moment.step.short, "who has left was invited"
        return
    seat = before.seats.get(number)
    assert seat is not None, "begun on a seat that was gone"
    if wanted is not None:
        if wanted["kind"] in ("remove_member", "set_role"):
            assert seat.role == asked["role"], "begun although the role is another one by now"
            assert memory.asked_of[asked["id"]] == memory.whose(number), "begun on somebody else's seat"
        return
    known = memory.asked_as.get(asked["id"])
    assert known in (None, memory.facts(before, number)), "begun on other facts than were asked about"
    if asked["options"] == ["remove", "keep"]:
        person = memory.whose(number)
        assert not person or before.status(person) == "deprovisioned", "an active person was removed unasked"


def _judge_promise(book: AuditedBook, approval: Line, invited: Line, moment: Moment) -> None:
    """The access that follows an invitation goes to whoever has accepted it, and is what was approved."""
    done = [one for one in book.of("result") if one.said["approval"] == invited.seq]
    assert done[0].said["outcome"] in ("done", "already_done"), "access was given before the invitation"
    asked, wanted = approval.said["asked"], invited.said["asked"]["wanted"]
    given = asked["wanted"]["grants"][0]
    assert given in wanted["grants"], "access was given that nobody approved"
    seat = moment.before.seats[asked["member_id"]]
    assert seat.address == book.id_of(wanted["address"]), "access was given to somebody else"
