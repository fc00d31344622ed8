"""The invariants of the approval drill, judged after every step by what truly is (see approval_drill.py)."""

from collections import Counter
from datetime import timedelta

from tests.reliability.approval_book import AuditedBook, Line
from tests.reliability.approval_guards import is_exempted, judge_budget, judge_safeguards
from tests.reliability.approval_mailed import judge_mailed
from tests.reliability.approval_memory import Memory
from tests.reliability.approval_returned import judge_promises, judge_restored, note_checked
from tests.reliability.approval_scene import Approving
from tests.reliability.approval_seen import Effect, Moment, effects
from tests.reliability.approval_silence import judge_silence
from tests.reliability.approval_told import is_due, judge_told_before
from tests.reliability.approval_unasked import judge_owners, judge_unasked
from tests.reliability.approval_valid import (
    approval_of,
    effect_of,
    is_fit,
    is_independent,
    judge_intention,
)

UNDONE = ("refused", "blocked", "withdrawn", "lapsed", "manual")  # outcomes that say: nothing was done
LEASE = timedelta(minutes=6)


def judge(hub: Approving, moment: Moment, book: AuditedBook, memory: Memory) -> None:
    """Raise AssertionError where a step broke a promise; remember what the next one needs."""
    assert [one.hash for one in book.lines[: memory.head]] == memory.hashes, "the ledger was rewritten"
    memory.learn(moment.before)
    memory.said = book.whose(memory.head)
    memory.learn_moves(moment.before, moment.after)
    memory.note_reading(moment)
    memory.tally[moment.step.kind] += 1
    memory.tally["crashes"] += moment.trouble.startswith("Crashed")
    if moment.ran:
        _judge_answers(moment, book, memory)
        _judge_writes(hub, moment, book, memory)
        _judge_results(moment, book, memory)
        _remember_questions(moment, book, memory)
        judge_silence(hub, moment, book, memory)
        judge_told_before(moment, book, memory)
        judge_mailed(hub, moment, book, memory)
        judge_unasked(moment, book, memory)
        judge_owners(moment, book, memory)
        judge_restored(book, memory)
        note_checked(moment, memory)
    memory.learn(moment.after)
    memory.head, memory.hashes = book.head, [one.hash for one in book.lines]
    hub.box.log.rows.clear()


def _judge_answers(moment: Moment, book: AuditedBook, memory: Memory) -> None:
    """Every answer in the ledger was given in this step, by an Owner who may answer."""
    for one in book.of("answered", after=memory.head):
        memory.tally["answers"] += len(one.said["answers"])
        for change, answer in one.said["answers"].items():
            asked = book.asked(change)
            assert any(
                typed.person == book.id_of(one.actor)
                and answer.partition(":")[0] in typed.answers
                and _is_about(typed.about, asked, memory)
                for typed in moment.typed
            ), f"{answer} was recorded, and nobody said so"
            assert one.actor in book.owners(one.seq, one.at), "an answer of somebody who is no Owner"
            assert is_independent(book, one.actor, asked, memory), "an Owner answered about himself"
            assert is_fit(book.id_of(one.actor), memory.directories), "an Owner who has left answered"


def _is_about(about: frozenset[str] | None, asked: dict[str, object], memory: Memory) -> bool:
    if about is None or asked["id"] in about:
        return True
    words = memory.names.get(str(asked["member_id"]), set())
    return any(word in text for text in about for word in words) or not words


def _judge_writes(hub: Approving, moment: Moment, book: AuditedBook, memory: Memory) -> None:
    """Whatever changed at Meta was approved, intended just before, and asked of Meta once."""
    begun = list(book.of("intended", after=memory.head))
    for one in begun:
        judge_intention(book, one, moment, memory)
        _judge_exempted(one, moment, book, memory)
    approvals = {one.seq: approval_of(book, one) for one in begun}
    allowed = {
        effect_of(book, approval): one for one, approval in zip(begun, approvals.values(), strict=True)
    }
    done = [one for one in effects(moment.before, moment.after) if not _follows(one, allowed, moment)]
    for effect in done:
        assert effect in allowed, f"{effect[0]} of {effect[1]} was done, and nobody approved it"
        _note_done(effect, allowed[effect], moment, memory)
    sent = Counter(_sent(row) for row in hub.box.log.rows if _is_write(row))
    more = sent - Counter(_call_of(effect_of(book, approval)) for approval in approvals.values())
    assert not more, f"Meta was asked more often than was intended: {sorted(more)}"
    judge_safeguards(moment, done, memory)
    judge_budget(book, moment, memory)


def _note_done(effect: Effect, begun: Line, moment: Moment, memory: Memory) -> None:
    call, number, _ = effect
    memory.done_by[begun.said["approval"]] = begun.at
    memory.tally[f"at Meta: {call}"] += 1
    if call == "remove":
        memory.removed[number] = moment.before.seats[number]


def _follows(effect: Effect, allowed: dict[Effect, Line], moment: Moment) -> bool:
    """Say whether it follows by itself: an invitation runs out while the clock moves."""
    call, number, _ = effect
    return call == "change" and moment.step.kind == "wait" and moment.after.seats[number].kind == "pending"


def _sent(row: dict[str, object]) -> tuple[str, str]:
    """Return method and path of a request, without the version."""
    return str(row["method"]), str(row["path"]).lstrip("/").partition("/")[2]


def _call_of(effect: Effect) -> tuple[str, str]:
    """Return the one request that makes a change (meta-graph-api.md §1)."""
    call, number, on = effect
    if call in ("remove", "cancel_invitation"):
        return "DELETE", number
    if call == "invite":
        return "POST", "500/business_users"
    if call == "set_role":
        return "POST", number
    return ("POST" if call == "grant" else "DELETE"), f"{on}/assigned_users"


def _is_write(row: dict[str, object]) -> bool:
    """Say whether a request of Meta's log is one that changes something; a batch may hold some as well."""
    items = row["items"]
    assert isinstance(items, list)
    assert all(item["method"] == "GET" for item in items), "a change was sent within a batch"
    return row["method"] == "DELETE" or (row["method"] == "POST" and not str(row["path"]).endswith("/"))


def _judge_exempted(begun: Line, moment: Moment, book: AuditedBook, memory: Memory) -> None:
    if begun.said["call"] == "remove":
        number = begun.said["member_id"]
        held = is_exempted(book, number, moment.before, memory, begun.at, begun.seq)
        assert not held, "removed although an exception is in force"


def _judge_results(moment: Moment, book: AuditedBook, memory: Memory) -> None:
    """One result per approval, true of the world; and none is forgotten once it is due."""
    results = Counter(one.said["approval"] for one in book.of("result"))
    assert all(count == 1 for count in results.values()), "an approval has two results"
    for one in book.of("result", after=memory.head):
        approval = book.lines[one.said["approval"] - 1]
        outcome = one.said["outcome"]
        memory.tally[f"told: {outcome}"] += 1
        if outcome in ("done", "already_done"):
            _judge_done(effect_of(book, approval), approval, moment)
        elif outcome in UNDONE:
            assert approval.seq not in memory.done_by, f"told as {outcome}, and it was done"
    crashed = memory.crashed_at and moment.began - memory.crashed_at < LEASE
    if moment.step.kind != "apply" or not moment.is_calm or crashed:
        return
    for one in book.of("approved", until=memory.head):
        due = is_due(one, moment, book, memory)
        assert not due or one.seq in results, f"approval {one.seq} is due, and nothing became of it"
    judge_promises(moment, book, memory)


def _judge_done(effect: Effect, approval: Line, moment: Moment) -> None:
    call, number, on = effect
    seats = moment.after.seats
    if call in ("remove", "cancel_invitation"):
        assert number not in seats, "told as done, and the seat is there"
    elif call == "invite":
        assert number in {one.address for one in seats.values()}, "told as done, and nobody is invited"
    elif call == "set_role":
        assert seats[number].role == on, "told as done, and the role is another one"
    elif call == "grant":
        tasks = set(approval.said["asked"]["wanted"]["grants"][0][2])
        assert tasks <= seats[number].grants.get(on, frozenset()), "told as done, and it is not granted"
    elif call == "revoke":
        assert on not in seats[number].grants, "told as done, and the access is there"


def _remember_questions(moment: Moment, book: AuditedBook, memory: Memory) -> None:
    """Remember on which facts a question was asked, where the reading is beyond doubt."""
    if moment.step.kind != "check" or not moment.is_calm:
        return
    review = book.open_review()
    for asked in review.said["asked"] if review else []:
        memory.asked_as.setdefault(asked["id"], memory.facts(moment.before, asked["member_id"]))
