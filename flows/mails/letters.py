"""The mails to the Owners of a hub in the making: what each says, and the codes that it carries."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from flows.mails.words import changed_lines, held_back_lines, unasked_line
from flows.opening.ledger import known_refs
from flows.review.answering import ReviewNow, standing_of
from flows.review.asked_about import proposals_of, shown_requests
from flows.review.grounds import ReportLost, report_of
from flows.review.reviewing import PROGRAM
from flows.review.words import GONE, outcome_words, run_name
from flows.settings import Settings
from matching.review.approvals import APPROVED
from matching.review.asked import YES, Asked, from_payload
from matching.review.letters_due import Due
from matching.review.owners import Known, is_fit, owners_of
from matching.review.standing import ANSWERED, OPENED, RESULT, reviews_of
from matching.roster.change_words import answer_words, consequence, held_back_words, sentence
from tasks.ledger.book import Book
from tasks.ledger.codes import issue, still_open
from tasks.ledger.entry import Entry
from tasks.mail import letters

SHOWN = 30  # questions in one mail; the page has all
OPEN = ("open", "partly")
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
        proposals = [p for p in shown.values() if self._is_open(p["id"])]
        mine = [p for p in proposals if not self.standing.why_not(self.due.person, review.asked[p["id"]])]
        if not mine:
            return None
        self.replaces = still_open(self.book, review=review.id, owner=self.due.person)
        recommended = {p["id"]: review.asked[p["id"]].recommended for p in mine}
        recommended = {change: answer for change, answer in recommended.items() if answer}
        removals = [p for p in proposals if p.get("was", p["kind"]) == "remove"]
        opened = next(r for r in self.rows if r.kind == OPENED and r.payload["review"] == review.id)
        make = letters.Proposal if self.due.kind == "proposal" else letters.Reminder
        return make(
            **self.base,
            review=review.id,
            run_name=run_name(self.label, proposals, review.expires_at, self._zone),
            lines=tuple(self._line(p, review.asked[p["id"]]) for p in mine[:SHOWN]),
            recommended_code=self._code(recommended) if recommended else "",
            keep_code=self._code({p["id"]: review.asked[p["id"]].refusal for p in mine}),
            page_url=f"{self.settings.page.url.rstrip('/')}/r/{review.id}",
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
            leavers=len(removals),
            admins=sum(p["member"]["role"] == "ADMIN" for p in removals),
            two_needed=any(review.asked[p["id"]].needs > 1 for p in mine),
        )

    def _is_open(self, change: str) -> bool:
        return change in self.standing.verdicts and self.standing.verdicts[change].state in OPEN

    def _line(self, proposal: Mapping[str, Any], asked: Asked) -> letters.Line:
        answers = tuple(
            (answer, answer_words(answer, proposal), self._code({asked.id: answer}))
            for answer in asked.options
        )
        return letters.Line(
            change_id=asked.id,
            kind=asked.kind,
            sentence=sentence(proposal, self.book.now.astimezone(self._zone).date()),
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

    def _stop_words(self, review: str) -> str:
        page = f"{self.settings.page.url.rstrip('/')}/r/{review}"
        return (
            f"Take your answer back, or say that somebody stays, at {page} with the code of your mail; or "
            f"`hubroster login`, then `hubroster decide --hub {self.label} CHANGE=keep`."
        )

    def _receipt(self) -> Any:
        row = next(r for r in self.rows if r.seq == self.due.about[0])
        by = self.book.named([row.actor]).get(row.actor, {}).get("name", "an Owner")
        if row.kind != ANSWERED:
            by = "hubroster" if row.actor == PROGRAM else by
            return letters.Receipt(
                **self.base,
                review="",
                by=by,
                via=row.identified_by,
                lines=(unasked_line(self.book, row),),
                not_before=None,
                stop_words="",
            )
        proposals = self._proposals_of(row.payload["review"])
        approved = [
            r for r in self.rows if r.kind == "approved" and r.payload["change"] in row.payload["answers"]
        ]
        waits = [self._earliest(r) for r in approved if r.seq > row.seq and r.seq not in self._settled]
        lines = []
        for change, answer in list(row.payload["answers"].items())[:SHOWN]:
            proposal = proposals.get(change, {})
            said = ((answer, answer_words(answer, proposal), ""),)
            waits_on = answer in YES and change not in {r.payload["change"] for r in approved}
            note = "It waits for the yes of a second Owner." if waits_on else ""
            lines.append(letters.Line(change, "", self._sentence(proposal, change), note, answer, said))
        return letters.Receipt(
            **self.base,
            review=row.payload["review"],
            by=by,
            via=row.identified_by,
            lines=tuple(lines),
            not_before=min(waits).astimezone(self._zone) if waits else None,
            stop_words=self._stop_words(row.payload["review"]),
        )

    def _earliest(self, approved: Entry) -> datetime:
        """Return when it may be done: the time to say stop begins with this mail, however late it is."""
        not_before = datetime.fromisoformat(approved.payload["not_before"])
        return max(not_before, self.book.now + (not_before - approved.at))

    @cached_property
    def _settled(self) -> set[int]:
        return {row.payload["approval"] for row in self.rows if row.kind == RESULT}

    def _result(self) -> Any:
        told = [r for r in self.rows if r.seq in self.due.about]
        lines, removed = [], 0
        asked = {r.seq: from_payload(r.payload["asked"]) for r in self.rows if r.kind == APPROVED}
        for row in told[:SHOWN]:
            outcome, change = row.payload["outcome"], row.payload["change"]
            wanted = asked[row.payload["approval"]].wanted
            proposal = self._proposals_of(row.payload["review"]).get(change) or (
                shown_requests(self.book, self.rows, [asked[row.payload["approval"]]])[change]
                if wanted
                else {}
            )
            undo = f"to undo: hubroster restore {self.label} {row.payload['member_id']}"
            takes = wanted is None or wanted.kind == "remove_member"
            reason = row.payload["reason"]
            after = f"{undo}. {reason}".rstrip(". ") if outcome == "done" and takes else reason
            words = outcome_words(outcome, asked[row.payload["approval"]].kind)
            removed += outcome == "done" and takes
            lines.append((self._sentence(proposal, change), words, after))
        return letters.Result(
            **self.base,
            review=self.due.review,
            lines=tuple(lines),
            removed=removed,
            not_done=sum(row.payload["outcome"] not in GONE for row in told),
        )

    def _held_back(self) -> Any:
        row = next(r for r in self.rows if r.seq == self.due.about[0])
        lines = held_back_lines(self.settings, row)
        return letters.HeldBack(**self.base, lines=tuple(lines[:SHOWN]))

    def _proposals_of(self, review_id: str) -> dict[str, dict[str, Any]]:
        review = next(one for one in reviews_of(self.rows, self.label) if one.id == review_id)
        try:
            return proposals_of(self.settings, self.book, self.rows, review)
        except ReportLost:  # what was answered and done is told all the same, by the ids of the changes
            return {}

    def _sentence(self, proposal: Mapping[str, Any], change: str) -> str:
        today = self.book.now.astimezone(self._zone).date()
        return sentence(proposal, today) if proposal else f"Change {change}"

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.settings.workspace.timezone)
