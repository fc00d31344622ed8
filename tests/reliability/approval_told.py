"""When the Owners were told of a yes: before that, and before the hold is over, nothing is done."""

from datetime import datetime, timedelta

from tests.reliability.approval_book import AuditedBook, Line
from tests.reliability.approval_memory import Memory
from tests.reliability.approval_seen import Moment
from tests.reliability.approval_valid import is_fit, sure_owners


def judge_told_before(moment: Moment, book: AuditedBook, memory: Memory) -> None:
    """Nothing is begun before a receipt went out and the whole hold has passed since the last one."""
    for one in book.of("intended", after=memory.head):
        approved = book.lines[one.said["approval"] - 1]
        if _hold(approved):
            told = _receipts(book, approved, one.seq)
            assert told, "begun before anybody was told"
            untold = set(sure_owners(book, memory, one.at)) - told.keys()
            answered = _answered(book, approved)
            untold &= book.owners(answered - 1, one.at)
            assert not untold, "begun before an Owner was told"
            assert one.at >= max(told.values()) + _hold(approved), (
                "begun before the time to say stop was over"
            )


def is_due(approved: Line, moment: Moment, book: AuditedBook, memory: Memory) -> bool:
    """Say whether it must be carried out, or settled, by an undisturbed run at this moment."""
    if moment.began - datetime.fromisoformat(approved.said["complete_at"]) > timedelta(hours=24):
        return True
    if moment.began < datetime.fromisoformat(approved.said["not_before"]):
        return False
    if not _hold(approved):
        return True
    told = _receipts(book, approved, memory.head)
    owners = {
        who
        for who in book.owners(_answered(book, approved), moment.began)
        if any(is_fit(book.id_of(who), [one]) for one in memory.directories)
    }
    return bool(told) and owners <= told.keys() and moment.began >= max(told.values()) + _hold(approved)


def _hold(approved: Line) -> timedelta:
    return datetime.fromisoformat(approved.said["not_before"]) - approved.at


def _answered(book: AuditedBook, approved: Line) -> int:
    """Return the row of the answer that completed it."""
    change = approved.said["change"]
    rows = [one.seq for one in book.of("answered", until=approved.seq) if change in one.said["answers"]]
    return rows[-1] if rows else 0


def _receipts(book: AuditedBook, approved: Line, until: int) -> dict[str, datetime]:
    """Return who was told of that answer by a row, and when."""
    answered = _answered(book, approved)
    return {
        one.said["person"]: one.at
        for one in book.of("mail_sent", until=until)
        if one.said["kind"] == "receipt" and answered in one.said["about"]
    }
