"""What the page asks of us: who enters with a code, what he sees, and what his answer came to (design §9).

Everything is told in plain values. What is refused comes back as a sentence for the person at the page, and
says nothing about whether a review exists.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flows.answers.after_answer import after_answer
from flows.opening.ledger import ledger_of
from flows.review.answering import AnswerRefused, ReviewNow, SeenFrom, record_answers, standing_of
from flows.review.asked_about import proposals_of
from flows.review.closing import PROGRAM, cancel_lost
from flows.review.grounds import ReportLost, report_of
from flows.review.refusals import write_refused
from flows.settings import Settings
from matching.review.asked import WITHDRAW
from matching.review.standing import CLOSED as REVIEW_CLOSED
from matching.review.standing import DONE, OPENED, RESULT, latest_answers, reviews_of, successor
from matching.roster.one_line import one_line
from tasks.errors import HubrosterError
from tasks.ledger.book import Book, Ledger
from tasks.ledger.codes import RefusedCode, redeem
from tasks.ledger.sessions import Session, end_session, open_session, session_of

SESSION_MIN = 30
OVER = "your session is over: type the code from your mail again"
CLOSED = "these questions are closed: what is still open is asked in your newest mail"
NOT_AN_OWNER = "you are not an Owner of this hub who can answer, or not any more: ask another Owner"


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that had no effect, with a sentence that says why and what to do."""

    reason: str


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody whose code was right. `token` opens the session, for 30 minutes."""

    token: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question as one Owner sees it.

    `proposal` as in the report; `state`: open, partly, remove, keep, exempt, match:n, or the outcome of what
    was tried at Meta; `given`: who said so, by name; `mine`: this Owner's own last answer.
    """

    change_id: str
    kind: str
    proposal: Mapping[str, Any]
    state: str
    given: tuple[str, ...]
    needs: int
    mine: str | None
    options: tuple[str, ...]
    recommended: str
    may_answer: bool
    why_not: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A review as one Owner sees it; `others` are the names of the other Owners."""

    review: str
    hub: str
    workspace: str
    owner_name: str
    others: tuple[str, ...]
    expires_at: datetime
    questions: tuple[Question, ...]
    held_back: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an answer came to: changes that will be carried out, those that wait for a second person, when."""

    taken: Mapping[str, str]
    approved: tuple[str, ...]
    waiting: tuple[str, ...]
    not_before: datetime


class Answering:
    """The page's way to the ledger; every call is one transaction."""

    def __init__(self, settings: Settings) -> None:
        self.settings = self._settings = settings

    def enter(self, review: str, code: str, seen_from: SeenFrom) -> Entered | Refused:
        """Open a session for whoever types the page code of an open review.

        Wrong codes are counted by who asks us, for each network: here they would lock the Owners out.
        """
        with ledger_of(self._settings) as ledger:
            with ledger.writing() as book:
                found = self._enter(book, review, code, seen_from)
            if isinstance(found, Refused):
                self._write_refused(ledger, review, found.reason)
        return found

    def _enter(self, book: Book, review: str, code: str, seen_from: SeenFrom) -> Entered | Refused:
        label = review.rpartition("-")[0]
        found = redeem(book, code, purposes={"page"}, review=review)
        if isinstance(found, RefusedCode):
            return Refused(found.reason)
        try:
            now = standing_of(self._settings, book, label, self._now(book, review, found.owner))
        except AnswerRefused:
            return Refused(CLOSED)
        if not now.may_see(found.owner):
            return Refused(NOT_AN_OWNER)
        token = open_session(book, owner=found.owner, purpose="page", review=review, minutes=SESSION_MIN)
        where = book.text(one_line(f"{seen_from.ip} {seen_from.agent}") or "unknown")
        book.append(
            "entered",
            hub=label,
            actor=found.owner,
            identified_by="page code",
            payload={"review": review, "seen_from": where},
        )
        return Entered(token)

    def standing(self, token: str) -> Standing | Refused:
        """Return what the Owner of a session sees."""
        with ledger_of(self._settings) as ledger, ledger.reading() as book:
            session = session_of(book, token)
            if session is None or session.purpose != "page":
                return Refused(OVER)
            try:
                return self._standing(book, session)  # asked each time: he may be no Owner any more
            except AnswerRefused:
                return Refused(CLOSED)
            except ReportLost as error:
                return Refused(str(error))

    def answer(
        self, token: str, answers: Mapping[str, str], comment: str, seen_from: SeenFrom
    ) -> Receipt | Refused:
        """Record answers; all count or none. Mails go out after, and what can't be sent now is sent later."""
        session = None
        try:
            with ledger_of(self._settings) as ledger, ledger.writing() as book:
                session = session_of(book, token)
                if session is None or session.purpose != "page":
                    return Refused(OVER)
                done = record_answers(
                    self._settings,
                    book,
                    session.review.rpartition("-")[0],
                    self._now(book, session.review, session.owner),
                    person=session.owner,
                    answers=answers,
                    identified_by="page code",
                    comment=comment,
                    seen_from=seen_from,
                )
        except AnswerRefused as error:
            with ledger_of(self._settings) as ledger:
                if session:
                    self._write_refused(ledger, session.review, str(error), session.owner)
            return Refused(str(error))
        except HubrosterError as error:
            return Refused(str(error))
        after_answer(self._settings, done.hub, bool(done.approved), done.not_before)
        return Receipt(done.taken, done.approved, done.waiting, done.not_before)

    def leave(self, token: str) -> None:
        """End a session."""
        with ledger_of(self._settings) as ledger, ledger.writing() as book:
            end_session(book, token)

    def _now(self, book: Book, review: str, owner: str) -> str:
        """Return the review to answer in: that of the code, or what took its place and asks nothing new.

        Else he has a newer mail. Without one he could stop nothing any more of what he answered in this one.
        """
        label = review.rpartition("-")[0]
        reviews = reviews_of(book.entries(hub=label, kinds={OPENED, REVIEW_CLOSED}), label)
        now = successor(reviews, review)
        if now is None or now.id == review:
            return review
        standing = standing_of(self._settings, book, label, now.id)
        before = next(one.asked for one in reviews if one.id == review)
        new = [one for change, one in now.asked.items() if before.get(change) != one]
        return review if any(not standing.why_not(owner, one) for one in new) else now.id

    def _write_refused(self, ledger: Ledger, review: str, reason: str, person: str = PROGRAM) -> None:
        label = review.rpartition("-")[0]
        cancel_lost(self._settings, ledger, label)
        write_refused(self._settings, ledger, via="page", reason=reason, review=review, person=person)

    def _standing(self, book: Book, session: Session) -> Standing | Refused:
        label = session.review.rpartition("-")[0]
        now = standing_of(self._settings, book, label, self._now(book, session.review, session.owner))
        if not now.may_see(session.owner):
            return Refused(NOT_AN_OWNER)
        report = report_of(self._settings, now.review.report, now.review.id)
        proposals = proposals_of(self._settings, book, now.rows, now.review)
        names = {ref: known.name for ref, known in now.known.items()}
        mine = {
            change: given.get(session.owner, ("", None))[0]
            for change, given in latest_answers(now.rows, now.review).items()
        }
        outcomes = {r.payload["change"]: r.payload["outcome"] for r in now.rows if r.kind == RESULT}
        questions = [
            _question(
                now, session.owner, change, proposals[change], names, mine[change], outcomes.get(change)
            )
            for change in now.review.asked
        ]
        return Standing(
            review=session.review,
            hub=label,
            workspace=self._settings.workspace.name,
            owner_name=names.get(session.owner, ""),
            others=tuple(name for ref, name in names.items() if ref != session.owner),
            expires_at=now.review.expires_at,
            questions=tuple(questions),
            held_back=tuple(report["held_back"]),
        )


def _question(
    now: ReviewNow,
    owner: str,
    change: str,
    proposal: Mapping[str, Any],
    names: Mapping[str, str],
    mine: str,
    outcome: str | None,
) -> Question:
    asked, verdict = now.review.asked[change], now.verdicts[change]
    reason = now.why_not(owner, asked)
    return Question(
        change_id=change,
        kind=asked.kind,
        proposal=proposal,
        state=outcome if outcome and verdict.state in ("open", DONE) else verdict.state,
        given=tuple(names.get(ref, "") for ref in verdict.by),
        needs=asked.needs,
        mine=mine or None,
        options=(*asked.options, WITHDRAW) if mine else asked.options,
        recommended=asked.recommended,
        may_answer=not reason,
        why_not=reason,
    )
