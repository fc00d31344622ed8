"""No leaver is held back in silence, and the Owners are told: by the true directory and the mails."""

from datetime import datetime, timedelta

from tests.reliability.approval_book import AuditedBook
from tests.reliability.approval_guards import is_exempted
from tests.reliability.approval_memory import Memory
from tests.reliability.approval_post import THERE
from tests.reliability.approval_scene import Approving
from tests.reliability.approval_seen import Moment
from tests.reliability.approval_valid import sure_owners

KEPT_FOR = timedelta(days=30)


def judge_silence(hub: Approving, moment: Moment, book: AuditedBook, memory: Memory) -> None:
    """After a complete check each leaver with a way in is asked about, or held back aloud."""
    if moment.check is None or not moment.ended:
        return
    told = moment.check.told
    if moment.step.short:
        assert moment.check.asks_for_help, "the directory was refused, and the check says all is well"
        return
    if not told["complete"]:
        assert moment.check.asks_for_help, "an edge was not read, and the check says all is well"
        return
    review = book.open_review()
    asked = {one["member_id"] for one in review.said["asked"]} if review else set()
    held = set(moment.check.held)
    for number in _leavers(moment, memory):
        stays = _is_kept(book, number, moment, memory) or is_exempted(
            book, number, moment.before, memory, moment.began, book.head
        )
        assert number in asked | held or stays, f"the leaver {number} is left in, in silence"
    if held:
        assert told["held_back"], "leavers are held back, and not counted"
        assert moment.check.asks_for_help, "leavers are held back, and the check says all is well"
        if moment.post == THERE:
            _judge_daily_mail(hub, moment, book, memory)


def _leavers(moment: Moment, memory: Memory) -> list[str]:
    return [
        number
        for number, one in moment.before.seats.items()
        if one.status != "EXPIRED" and moment.before.status(memory.whose(number)) == "deprovisioned"
    ]


def _is_kept(book: AuditedBook, number: str, moment: Moment, memory: Memory) -> bool:
    """Say whether an Owner let somebody stay, within 30 days, on the facts of now."""
    over, now = book.over(), memory.facts(moment.before, number)
    for one in book.of("kept"):
        counts = one.seq not in over and moment.began - one.at < KEPT_FOR
        same_facts = memory.asked_as.get(one.said["change"], now) == now
        if one.said["member_id"] == number and counts and same_facts:
            return True
    return False


def _judge_daily_mail(hub: Approving, moment: Moment, book: AuditedBook, memory: Memory) -> None:
    today = moment.began.date()
    for who in sure_owners(book, memory, moment.began):
        address = memory.address_of(book.id_of(who))
        mails = [mail for mail in hub.box.mailbox.messages() if mail["to"] == [address]]
        times = [datetime.fromisoformat(m["at"]) for m in mails if "Still open" in m["subject"]]
        assert any(at.date() == today for at in times), (
            "a leaver is held back, and an Owner has no mail of today"
        )
