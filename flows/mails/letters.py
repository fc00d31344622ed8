"""The mails to the Owners of a hub in the making: what each says, and the codes that it carries."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from flows.mails.words import (
    changed_lines,
    headline_of,
    held_back_lines,
    said_words,
    stop_words,
    unasked_line,
    undo_words,
    via_words,
)
from flows.opening.ledger import known_refs
from flows.review.answering import ReviewNow, standing_of
from flows.review.asked_about import proposals_of, shown_requests
from flows.review.grounds import ReportLost, report_of
from flows.review.reviewing import PROGRAM
from flows.review.words import GONE, outcome_words, run_name
from flows.settings import Settings
from matching.review.approvals import APPROVED
from matching.review.asked import REMOVE, YES, Asked, from_payload
from matching.review.letters_due import Due
from matching.review.owners import Known, is_fit, owners_of
from matching.review.standing import ANSWERED, OPENED, RESULT, reviews_of
from matching.roster.change_words import answer_words, consequence, details, headline, held_back_words
from tasks.ledger.book import Book
from tasks.ledger.codes import issue, still_open
from tasks.ledger.entry import Entry
from tasks.mail import letters
from tasks.mail.phrases import SHOWN

OPEN = ("open", "partly")
# The most urgent first: who left, who was kept although they left, and then all the others.
_URGENCY = {"remove": 0, "re_review": 1}
QUESTIONS = ("proposal", "reminder")


class Writer:
    """One mail in the making: what it says, and the codes that it carries.

    `replaces`: the codes of earlier mails, which are good until this one has gone out.
    """

    def __init__(self, settings: Settings, book: Book, label: str, due: Due) -> None:
        self.settings, self.book, self.label, self.due = settings, book, label, due
        self.rows: Sequence[Entry] = book.entries(hub=label)
        self.known: Mapping[str, Known] = self._known()
        self.me = self.known[due.person]
        self.replaces: list[str] = []
        head = book.head()
        self.base: dict[str, Any] = {
            "to": self.me.address,
            "owner_name": self.me.name,
            "hub": label,
            "workspace": settings.workspace.name,
            "head": f"{head.seq} {head.hash}",
        }

    def _known(self) -> Mapping[str, Known]:
        """Return what the directory says of the Owners, in one reading with whoever is asked about."""
        if self.due.kind in QUESTIONS:
            return self.standing.known
        return known_refs(self.settings, self.book, owners_of(self.rows, self.label, self.book.now))

    def mail(self) -> Any:
        """Return the letter, or None where meanwhile there is nothing to say."""
        match self.due.kind:
            case "proposal" | "reminder":
                return self._proposal()
            case "receipt":
                return self._receipt()
            case "result":
                return self._result()
            case _:
                return self._held_back()

    @cached_property
    def standing(self) -> ReviewNow:
        return standing_of(self.settings, self.book, self.label, self.due.review)

    def _proposal(self) -> Any:
        review = self.standing.review
        report = report_of(self.settings, review.report, review.id)
        shown = proposals_of(self.settings, self.book, self.rows, review)
        still_asked = {change for change, now in self.standing.verdicts.items() if now.state in OPEN}
        proposals = [p for p in shown.values() if p["id"] in still_asked]
        mine = [p for p in proposals if not self.standing.why_not(self.due.person, review.asked[p["id"]])]
        if not mine:
            return None
        self.replaces = still_open(self.book, review=review.id, owner=self.due.person)
        recommended = {p["id"]: review.asked[p["id"]].recommended for p in mine}
        recommended = {change: answer for change, answer in recommended.items() if answer}
        mine.sort(key=lambda p: _URGENCY.get(p["kind"], len(_URGENCY)))
        left = [p for p in proposals if p.get("was", p["kind"]) == "remove"] + list(report["held_back"])
        opened = next(r for r in self.rows if r.kind == OPENED and r.payload["review"] == review.id)
        make = letters.Proposal if self.due.kind == "proposal" else letters.Reminder
        return make(
            **self.base,
            review=review.id,
            run_name=run_name(self.label, proposals, review.expires_at, self._zone),
            asked=len(mine),
            lines=tuple(self._line(p, review.asked[p["id"]]) for p in mine[:SHOWN]),
            recommended_code=self._code(recommended) if recommended else "",
            keep_code=self._code({p["id"]: review.asked[p["id"]].refusal for p in mine}),
            page_url=self._page_of(review.id),
            page_code=issue(
                self.book,
                purpose="page",
                hub=self.label,
                review=review.id,
                owner=self.due.person,
                meaning=None,
                expires_at=review.expires_at,
            ),
            expires_on=review.expires_at.astimezone(self._zone).date(),
            held_back=tuple(held_back_words(p) for p in report["held_back"]),
            changed=changed_lines(opened, again=bool(self.due.about)),
            others=tuple(
                who.name for ref, who in self.known.items() if ref != self.due.person and is_fit(who)
            ),
            leavers=len(left),
            admins=sum(p["member"]["role"] == "ADMIN" for p in left),
            two_needed=any(review.asked[p["id"]].needs > 1 for p in mine),
        )

    def _line(self, proposal: Mapping[str, Any], asked: Asked) -> letters.Line:
        answers = tuple(
            (answer, answer_words(answer, proposal), self._code({asked.id: answer}))
            for answer in asked.options
        )
        return letters.Line(
            change_id=asked.id,
            kind=asked.kind,
            headline=headline(proposal),
            details=details(proposal, self._today),
            consequence=consequence(proposal),
            recommended=asked.recommended,
            answers=answers,
        )

    def _code(self, answers: Mapping[str, str]) -> str:
        review = self.standing.review
        return issue(
            self.book,
            purpose="verdict",
            hub=self.label,
            review=review.id,
            owner=self.due.person,
            meaning={"answers": dict(answers)},
            expires_at=review.expires_at,
        )

    def _page_of(self, review: str) -> str:
        return f"{self.settings.page.url.rstrip('/')}/r/{review}"

    def _receipt(self) -> Any:
        row = next(r for r in self.rows if r.seq == self.due.about[0])
        by = self.book.named([row.actor]).get(row.actor, {}).get("name", "an Owner")
        if row.kind != ANSWERED:
            by = "hubroster" if row.actor == PROGRAM else by
            via, line = via_words(row.identified_by), unasked_line(self.book, row)
            return letters.Receipt(**self.base, by=by, via=via, answered=1, lines=(line,))
        answers: Mapping[str, str] = row.payload["answers"]
        approved = [r for r in self.rows if r.kind == APPROVED and r.payload["change"] in answers]
        waits = [self._earliest(r) for r in approved if r.seq > row.seq and r.seq not in self._settled]
        agreed = {r.payload["change"] for r in approved}
        waiting = {change for change, answer in answers.items() if answer in YES and change not in agreed}
        proposals, review = self._proposals_of(row.payload["review"]), row.payload["review"]
        return letters.Receipt(
            **self.base,
            by=by,
            via=via_words(row.identified_by),
            review=review,
            answered=len(answers),
            removals=sum(answer == REMOVE for answer in answers.values()),
            waiting=len(waiting),
            waiting_removals=sum(answers[change] == REMOVE for change in waiting),
            comment=said_words(self.book, row.payload["comment"]),
            page_url=self._page_of(review),
            lines=tuple(
                self._answered_line(proposals.get(change, {}), change, answer, waits=change in waiting)
                for change, answer in list(answers.items())[:SHOWN]
            ),
            not_before=min(waits).astimezone(self._zone) if waits else None,
            stop_words=stop_words(self.label, self._page_of(review)),
        )

    def _answered_line(
        self, proposal: Mapping[str, Any], change: str, answer: str, *, waits: bool
    ) -> letters.Line:
        said = ((answer, answer_words(answer, proposal), ""),)
        note = "It waits for the yes of a second Owner." if waits else ""
        told = details(proposal, self._today) if proposal else ""
        return letters.Line(change, "", headline_of(proposal, change), told, note, answer, said)

    def _earliest(self, approved: Entry) -> datetime:
        """Return when it may be done: the time to say stop begins with this mail, however late it is."""
        not_before = datetime.fromisoformat(approved.payload["not_before"])
        return max(not_before, self.book.now + (not_before - approved.at))

    @cached_property
    def _settled(self) -> set[int]:
        return {row.payload["approval"] for row in self.rows if row.kind == RESULT}

    def _result(self) -> Any:
        told = [r for r in self.rows if r.seq in self.due.about]
        told.sort(key=lambda row: row.payload["outcome"] in GONE)  # what somebody must look at first
        asked = {r.seq: from_payload(r.payload["asked"]) for r in self.rows if r.kind == APPROVED}
        gone = [row for row in told if row.payload["outcome"] in GONE]
        removed = [
            r for r in gone if r.payload["outcome"] == "done" and asked[r.payload["approval"]].takes_a_seat
        ]
        return letters.Result(
            **self.base,
            review=self.due.review,
            lines=tuple(self._result_line(row, asked[row.payload["approval"]]) for row in told[:SHOWN]),
            removed=len(removed),
            done=len(gone),
            not_done=len(told) - len(gone),
        )

    def _result_line(self, row: Entry, asked: Asked) -> tuple[str, str, tuple[str, ...]]:
        outcome, change = row.payload["outcome"], row.payload["change"]
        proposal = self._proposals_of(row.payload["review"]).get(change) or (
            shown_requests(self.book, self.rows, [asked])[change] if asked.wanted else {}
        )
        words, reason = outcome_words(outcome, asked.kind), row.payload["reason"].rstrip(". ")
        notes = [f"{reason}."] if reason else []
        if outcome == "done" and asked.takes_a_seat:
            notes.append(undo_words(self.label, row.payload["member_id"], proposal))
        return headline_of(proposal, change), f"{words[:1].upper()}{words[1:]}.", tuple(notes)

    def _held_back(self) -> Any:
        row = next(r for r in self.rows if r.seq == self.due.about[0])
        return letters.HeldBack(**self.base, lines=tuple(held_back_lines(self.settings, row)))

    def _proposals_of(self, review_id: str) -> dict[str, dict[str, Any]]:
        review = next(one for one in reviews_of(self.rows, self.label) if one.id == review_id)
        try:
            return proposals_of(self.settings, self.book, self.rows, review)
        except ReportLost:  # what was answered and done is told all the same, by the ids of the changes
            return {}

    @property
    def _today(self) -> date:
        return self.book.now.astimezone(self._zone).date()

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.settings.workspace.timezone)
