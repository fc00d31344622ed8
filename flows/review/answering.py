"""The one function behind the three ways to answer: page, command line and Prefect's form (design §9).

An answer, and all that follows from it at once, is written in one transaction of the ledger.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from flows.opening.ledger import known_refs
from flows.review.asked_about import proposals_of
from flows.review.brought_back import is_marked
from flows.review.closing import close
from flows.review.following import follow, take_back
from flows.review.grounds import ReportLost
from flows.review.stopping import approval_to_stop, settle_stopped
from flows.settings import Settings
from matching.review.approvals import unsettled
from matching.review.asked import WITHDRAW, YES, Asked, by_policy
from matching.review.decisions import standing_decisions
from matching.review.owners import Known, distinct, is_fit, owners_of, why_not
from matching.review.requests import ended, open_requests
from matching.review.standing import ANSWERED, DONE, Review, Verdict, expired, reviews_of, verdicts
from matching.roster.one_line import one_line
from tasks.errors import HubrosterError
from tasks.ledger.book import Book
from tasks.ledger.entry import Entry
from tasks.secret_words import without_secrets

LONGEST_COMMENT = 2000


class AnswerRefused(HubrosterError):
    """An answer that had no effect; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class SeenFrom:
    """Where an answer came from, as far as its channel knows; kept in the ledger's side table."""

    ip: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What an answer came to. `taken`: change id → answer; `approved`: those that will be carried out now."""

    review: str
    hub: str
    taken: Mapping[str, str]
    approved: tuple[str, ...]
    waiting: tuple[str, ...]
    not_before: datetime


@dataclass(frozen=True, slots=True)
class ReviewNow:
    """A hub's review as who answers sees it: questions, verdicts, Owners, what the directory says of them.

    `people`: the same of everybody who is asked about, too.
    """

    review: Review
    rows: Sequence[Entry]
    verdicts: Mapping[str, Verdict]
    owners: tuple[str, ...]
    known: Mapping[str, Known]
    people: Mapping[str, Known]

    def may_see(self, person: str) -> bool:
        """Say whether somebody is an Owner who can act: nobody else is shown who is asked about."""
        return person in self.owners and person in self.known and is_fit(self.known[person])

    def why_not(self, person: str, asked: Asked) -> str:
        """Return why a person may not answer this question, or nothing."""
        if self.verdicts[asked.id].state == DONE:
            return "it was done already, and the next check will see it"
        return why_not(person, asked, self.owners, self.people)


def standing_of(settings: Settings, book: Book, label: str, review_id: str) -> ReviewNow:
    """Return how a review stands. Raises AnswerRefused when it is not the open one of its hub."""
    rows = book.entries(hub=label)
    review = next((one for one in reviews_of(rows, label) if one.id == review_id), None)
    if review is None or review.state != "open" or expired(review, book.now):
        raise AnswerRefused(f"review {review_id} is over: `hubroster reviews` lists what is open now")
    owners = owners_of(rows, label, book.now)
    return stands(settings, rows, review, owners, known_refs(settings, book, concerned(review, owners)))


def concerned(review: Review | None, owners: Iterable[str]) -> set[str]:
    """Return the references of Owners, and of those whom a review asks about."""
    asked = review.asked.values() if review else ()
    return {*owners, *(who for one in asked for who in one.persons)}


def stands(
    settings: Settings,
    rows: Sequence[Entry],
    review: Review,
    owners: Iterable[str],
    people: Mapping[str, Known],
) -> ReviewNow:
    """Return how a review stands by its hub's entries and the policy of now.

    `people`: whom the directory has, of `concerned`.
    """
    policy = settings.policy.two_approvers_for
    review = replace(review, asked={change: by_policy(one, policy) for change, one in review.asked.items()})
    known = {who: people[who] for who in owners if who in people}
    owners = distinct(owners, known)
    found = verdicts(rows, review, lambda who, asked: not why_not(who, asked, owners, people))
    return ReviewNow(review, rows, found, owners, known, people)


def record_answers(
    settings: Settings,
    book: Book,
    label: str,
    review_id: str,
    *,
    person: str,
    answers: Mapping[str, str],
    identified_by: str,
    comment: str = "",
    seen_from: SeenFrom | None = None,
) -> Answered:
    """Write a person's answers to a review, and what they come to. All of them count, or none.

    `answers`: change id → remove, keep, exempt, match:n, do, dont or withdraw. `person` is the ledger's
    reference of who answers, `identified_by` how that is known. Raises AnswerRefused, and then nothing is
    written here.
    """
    if not answers:
        raise AnswerRefused("nothing was chosen, and nothing was done")
    if is_marked(settings):
        raise AnswerRefused(
            "hubroster was brought back from a backup, and nothing was done: the next check asks anew"
        )
    said = _said(book, answers, comment, seen_from or SeenFrom())
    if stopped := approval_to_stop(settings, book, label, person=person, answers=answers):
        payload = {"review": stopped} | said
        book.append(ANSWERED, hub=label, actor=person, identified_by=identified_by, payload=payload)
        return Answered(stopped, label, dict(answers), (), (), book.now)
    before = standing_of(settings, book, label, review_id)
    for change, answer in answers.items():
        _require(before, person, change, answer, book.now)
    try:
        proposals = proposals_of(settings, book, before.rows, before.review)
    except ReportLost as error:
        raise AnswerRefused(str(error)) from None
    if any(answers[change] in YES for change in settle_stopped(book, label, answers)):
        raise AnswerRefused("that was taken back before it was done, and nothing was done: ask for it anew")
    book.append(
        ANSWERED,
        hub=label,
        actor=person,
        identified_by=identified_by,
        payload={"review": review_id} | said,
    )
    after = standing_of(settings, book, label, review_id)
    not_before = book.now + timedelta(minutes=settings.policy.hold_min)
    approved, waiting = _follow_all(book, before, after, answers, proposals, not_before)
    _close_when_done(book, after.review, after.verdicts)
    return Answered(review_id, label, dict(answers), approved, waiting, not_before)


def _said(book: Book, answers: Mapping[str, str], comment: str, where: SeenFrom) -> dict[str, Any]:
    why, place = one_line(comment, LONGEST_COMMENT), one_line(f"{where.ip} {where.agent}")
    return {
        "answers": dict(answers),
        "comment": book.text(without_secrets(why)) if why else None,
        "seen_from": book.text(place) if place else None,
    }


def _follow_all(
    book: Book,
    before: ReviewNow,
    after: ReviewNow,
    answers: Mapping[str, str],
    proposals: Mapping[str, Mapping[str, Any]],
    not_before: datetime,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Write what the answers come to; return the changes that will be done, and those half approved."""
    under_way = {one.asked.id for one in unsettled(after.rows, after.review.hub)}
    held = standing_decisions(after.rows)
    approved, waiting = [], []
    for change in answers:
        verdict = after.verdicts[change]
        take_back(book, after.review, change, verdict, held.get(change, ()))
        if verdict.state == "partly":
            waiting.append(change)
            continue
        if verdict.state == "open" or verdict == before.verdicts[change]:
            continue
        is_begun = change in under_way and verdict.state in YES
        if is_begun or follow(book, after.review, change, verdict, proposals[change], not_before):
            approved.append(change)
    return tuple(approved), tuple(waiting)


def _require(standing: ReviewNow, person: str, change: str, answer: str, now: datetime) -> None:
    asked = standing.review.asked.get(change)
    if asked is None:
        raise AnswerRefused(f"{change[:12]!r} is not asked in review {standing.review.id}; nothing was done")
    if answer not in (*asked.options, WITHDRAW):
        raise AnswerRefused(
            f"{answer[:20]!r} is no answer to {change}, which takes {', '.join(asked.options)}; nothing was "
            "done"
        )
    waiting = open_requests(standing.rows, standing.review.hub, now)
    if asked.wanted and change not in {one.asked.id for one in waiting}:
        raise AnswerRefused(f"{change} was withdrawn, answered or forgotten meanwhile; nothing was done")
    if reason := standing.why_not(person, asked):
        raise AnswerRefused(f"{change} can't be answered by you: {reason}; nothing was done")


def _close_when_done(book: Book, review: Review, found: Mapping[str, Verdict]) -> None:
    """Close a review in which nothing is open, and nothing is still to be carried out (it can be stopped)."""
    over = ended(book.entries(hub=review.hub), review.hub)
    if any(
        verdict.state in ("open", "partly", *YES) and not (review.asked[change].wanted and change in over)
        for change, verdict in found.items()
    ):
        return
    close(book, review, "answered")
