"""Whether the mails went out that should, by what the mail server took and the rows that say so."""

from collections import Counter
from collections.abc import Iterator

from tests.reliability.approval_book import AuditedBook, Line
from tests.reliability.approval_memory import Memory
from tests.reliability.approval_post import THERE
from tests.reliability.approval_scene import Approving
from tests.reliability.approval_seen import Moment
from tests.reliability.approval_valid import sure_owners

TELLS = ("check", "apply", "notify")  # steps that end with sending what is due
SAYS = ("receipt", "result", "held_back")  # mails that always have something to say
OWN_CODE = "Your code"  # the subject of a mail to whoever asked for it, or was named


def judge_mailed(hub: Approving, moment: Moment, book: AuditedBook, memory: Memory) -> None:
    """What is told as sent was sent, once, to Owners; and what is due has gone out when it could."""
    new = [mail for mail in hub.box.mailbox.messages()[moment.mails :] if OWN_CODE not in mail["subject"]]
    taken = Counter(str(mail["to"][0]) for mail in new)
    told, says = Counter[str](), Counter[str]()
    for one in book.of("mail_sent", after=memory.head):
        address = memory.address_of(book.id_of(one.said["person"]))
        told[address] += 1
        says[address] += one.said["kind"] in SAYS
    assert not says - taken, "a mail is told as sent, and the mail server has not taken it"
    once = Counter(
        (one.said["kind"], one.said["person"], about)
        for one in book.of("mail_sent")
        if one.said["kind"] in ("receipt", "result")
        for about in one.said["about"]
    )
    assert max(once.values(), default=0) < 2, "a mail that had been sent was sent again"
    again = taken - told
    if moment.post != "unheard":  # who isn't heard is told again
        assert sum(again.values()) <= moment.trouble.startswith("Crashed"), "a mail went out twice"
    owners = book.owners(memory.head, moment.began) | book.owners(book.head, book.lines[-1].at)
    at = {memory.address_of(book.id_of(who)) for who in owners}
    assert set(taken) <= at, "a mail about members went to somebody who is no Owner"
    memory.tally["mails"] += sum(taken.values())
    if moment.ended and moment.step.kind in TELLS and moment.post == THERE:
        _judge_nothing_due(moment, book, memory)


def _judge_nothing_due(moment: Moment, book: AuditedBook, memory: Memory) -> None:
    sent = {
        (one.said["kind"], one.said["person"], about)
        for one in book.of("mail_sent")
        for about in (*one.said["about"], one.said["review"])
    }
    review = book.open_review()
    for who in sure_owners(book, memory, moment.began):
        for one in told_to(book, who):
            kind = "result" if one.kind == "result" else "receipt"
            assert (kind, who, one.seq) in sent, f"an Owner was never mailed the {kind} of row {one.seq}"
        if review is not None:
            asked = ("proposal", who, review.said["review"]) in sent
            assert asked, "an Owner was never mailed what is asked"


def told_to(book: AuditedBook, who: str) -> Iterator[Line]:
    """Yield the rows that an Owner gets a mail about: since he was last named."""
    named = [one.seq for one in book.of("owner_named") if one.said["person"] == who]
    for one in book.lines[max(named, default=0) :]:
        if one.kind in ("answered", "result") or one.said.get("said"):
            yield one
