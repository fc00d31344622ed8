"""Which approvals may be carried out at this moment: by later answers, by time, and by who approved them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from flows.applying.rows import NOT_THEIRS
from flows.opening.ledger import known_refs
from flows.review.grounds import LOST, is_lost
from flows.review.result_row import WITHDRAWN
from flows.settings import Settings
from matching.review.approvals import Approval, dropped, fate, unsettled
from matching.review.asked import by_policy
from matching.review.decisions import EXEMPTED, EXEMPTION_ENDED, KEPT, MATCHED, UNLINKED
from matching.review.owners import Known, distinct, gets_mail, owners_of, why_not
from matching.review.requests import REQUEST_ENDED
from matching.review.standing import ANSWERED, CLOSED, OPENED, reviews_of
from matching.review.told import Told
from tasks.ledger.book import Book
from tasks.ledger.entry import Entry

_LAPSED = "24 hours passed before it could be done: answer again"
_LOST = "the report that was answered on was altered or deleted: the next check asks anew"
_DROPPED = "a check has found meanwhile that it was not so: if it is again, answer again"
_TOO_FEW = "by now it takes two Owners, as the settings say: answer again"
UNTOLD = "the Owners have no receipt of it yet"
_NEVER_TOLD = (
    "24 hours passed before every Owner had the mail that tells of it, and nothing is done before that: "
    "see that `hubroster up` runs and mail goes out, and answer again"
)
_WORDS = (ANSWERED, REQUEST_ENDED, KEPT, EXEMPTED)


def fates(
    settings: Settings, book: Book, label: str, approvals: Sequence[Approval]
) -> dict[int, tuple[str, str]]:
    """Return for each approval, by its row: due, wait, withdrawn, stale or lapsed, and why (design §9)."""
    rows = book.entries(hub=label)
    owners = owners_of(rows, label, book.now)
    known = known_refs(
        settings, book, {*owners, *(who for one in approvals for who in (*one.by, *one.asked.persons))}
    )
    told = Told(rows, label, [who for who in owners if gets_mail(known.get(who))], book.now)
    owners = distinct(owners, known)
    words = [row for row in rows if row.kind in _WORDS]
    found = {one.seq: _fate(one, words, owners, known, told, book.now) for one in approvals}
    policy = settings.policy.two_approvers_for
    few = [one.seq for one in approvals if len(one.by) < by_policy(one.asked, policy).needs]
    found |= {seq: ("stale", _TOO_FEW) for seq in few if found[seq][0] != "withdrawn"}
    reviews = [row for row in rows if row.kind in (OPENED, CLOSED)]
    gone = [one.seq for one in approvals if dropped(one, reviews)]
    found |= {seq: ("stale", _DROPPED) for seq in gone if found[seq][0] != "withdrawn"}
    lost = _lost(settings, rows, label, {one.review for one in approvals if one.asked.wanted is None})
    return found | {
        one.seq: ("stale", _LOST) for one in approvals if one.review in lost and one.asked.wanted is None
    }


def _lost(settings: Settings, rows: Sequence[Entry], label: str, reviews: Collection[str]) -> set[str]:
    """Return those of the reviews whose report is not, or once was not, what their Owners were shown."""
    found = {row.payload["review"] for row in rows if row.kind == LOST}
    return found | {
        one.id
        for one in reviews_of(rows, label)
        if one.id in reviews and one.id not in found and is_lost(settings, one.report)
    }


def _fate(
    one: Approval,
    words: Sequence[Entry],
    owners: Sequence[str],
    known: Mapping[str, Known],
    told: Told,
    now: datetime,
) -> tuple[str, str]:
    state = fate(one, [row for row in words if row.seq > one.seq], now)
    since = told.since(one) if one.hold else one.approved_at
    if state == "due":
        still = [who for who in one.by if not why_not(who, one.asked, owners, known)]
        if len(still) < one.asked.needs:
            return "withdrawn", NOT_THEIRS
        if since is None:
            return "wait", UNTOLD
        return ("due" if now >= since + one.hold else "wait"), ""
    late = _LAPSED if since else _NEVER_TOLD
    return state, {"withdrawn": WITHDRAWN, "lapsed": late}.get(state, "")


def stopped(book: Book, label: str, approval: Approval, after: int) -> bool:
    """Say whether somebody took it back, or said stay, in the rows after this one."""
    return fate(approval, book.entries(hub=label, kinds=_WORDS, after=after), book.now) == "withdrawn"


def still_waiting(book: Book, label: str, due: Sequence[Approval], read_from: int) -> list[Approval]:
    """Return those that nobody settled or began meanwhile, and whose seat nobody decided about.

    `read_from`: the head of the ledger when the reading began. What is left out waits for the next run, which
    goes by the new decision.
    """
    rows = book.entries(hub=label)
    untouched = {one.seq for one in unsettled(rows, label) if not one.intended_at}
    decided = {
        (row.payload["member_kind"], row.payload["member_id"])
        for row in rows
        if row.seq > read_from and row.kind in (MATCHED, UNLINKED, EXEMPTED, EXEMPTION_ENDED)
    }
    return [
        one
        for one in due
        if one.seq in untouched and (one.asked.member_kind, one.asked.member_id) not in decided
    ]
