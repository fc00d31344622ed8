"""The open questions of a hub's review as rows: what a sheet shows, and what a filled-in sheet says."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from flows.opening.ledger import ledger_of
from flows.review.answering import AnswerRefused, ReviewNow, standing_of
from flows.review.asked_about import proposals_of
from flows.settings import Settings
from matching.review.asked import MATCH
from matching.review.standing import open_review
from matching.roster.change_words import answer_words, sentence
from tasks.errors import InputError

OPEN = ("open", "partly")
# Twelve hex digits like 123456789012 or 1e5678901234 are numbers to a spreadsheet, which writes them its way.
MARK = "#"
_RANK = re.compile(rf"{MATCH}\d+$")


def review_rows(settings: Settings, label: str) -> list[dict[str, Any]]:
    """Return what waits for an answer in a hub, one row per question; none where no review is open.

    change, answer (empty, to be filled in), answers (those that it takes, each with its words), sentence,
    member_id, name, address, role, needs, state, review. `change` begins with "#".
    """
    with ledger_of(settings) as ledger, ledger.reading() as book:
        current = open_review(book.entries(hub=label), label)
        if current is None or book.now >= current.expires_at:
            return []
        now = standing_of(settings, book, label, current.id)
        shown = proposals_of(settings, book, now.rows, now.review)
    today = settings.now().astimezone(ZoneInfo(settings.workspace.timezone)).date()
    return [
        {
            "change": f"{MARK}{change}",
            "answer": "",
            "answers": "; ".join(
                f"{option} = {answer_words(option, proposal)}" for option in now.review.asked[change].options
            ),
            "sentence": sentence(proposal, today),
            "member_id": proposal["member"]["member_id"],
            "name": proposal["member"]["name"],
            "address": proposal["member"]["email"],
            "role": proposal["member"]["role"],
            "needs": now.review.asked[change].needs,
            "state": now.verdicts[change].state,
            "review": current.id,
        }
        for change, proposal in shown.items()
        if now.verdicts[change].state in OPEN
    ]


def answers_in(rows: Iterable[Mapping[str, str | None]], open_now: str | None) -> dict[str, str]:
    """Return change id → answer of a filled-in sheet; rows without an answer are left open.

    Raises InputError for a row that matches by rank out of another review than the open one: the candidates
    may stand in another order by now. And for one change with two answers.
    """
    found: dict[str, str] = {}
    for row in rows:
        answer = (row.get("answer") or "").strip().split(" ")[0]  # "remove = Remove them", pasted whole
        if not answer:
            continue
        change = change_of(row.get("change") or "")
        of_review = (row.get("review") or "").strip()
        if _RANK.match(answer) and of_review != (open_now or ""):
            raise InputError(
                f"{change}: {answer} was chosen in a sheet of {of_review[:40] or 'no review'}, and open "
                f"is {open_now or '(none)'}: candidates may stand in another order now. Get the sheet anew "
                "(hubroster members HUB --review --csv); nothing was recorded"
            )
        if found.setdefault(change, answer) != answer:
            raise InputError(f"{change} has two answers in it, {found[change]} and {answer}: keep one")
    return found


def change_of(text: str) -> str:
    """Return a change id as the ledger has it."""
    return text.strip().lstrip("'").removeprefix(MARK).strip().lower()


def spoken(settings: Settings, label: str, answers: Mapping[str, str]) -> list[str]:
    """Return what these answers would say, one sentence each; of one that isn't asked its id."""
    with ledger_of(settings) as ledger, ledger.reading() as book:
        current = open_review(book.entries(hub=label), label)
        try:
            now: ReviewNow | None = standing_of(settings, book, label, current.id) if current else None
        except AnswerRefused:
            now = None
        shown = proposals_of(settings, book, now.rows, now.review) if now else {}
    today = settings.now().astimezone(ZoneInfo(settings.workspace.timezone)).date()
    return [
        f"{answer_words(answer, shown[change])}: {sentence(shown[change], today)} ({change})"
        if change in shown and now and answer in (*now.review.asked[change].options, "withdraw")
        else f"{answer}: {change}"
        for change, answer in answers.items()
    ]
