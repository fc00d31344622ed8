"""What the page shows of a review, in words: one row per question, in groups."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from flows.answers.page import Question, Standing
from flows.review.words import GONE, OUTCOMES, outcome_words
from matching.review.asked import REMOVE, YES
from matching.roster.change_words import answer_words, consequence, details, headline, held_back_words
from matching.roster.one_line import one_line

PER_PAGE = 50
_OPEN = ("open", "partly")
_LEFT, _UNKNOWN, _WANTED, _OTHERS, _ANSWERED = range(5)
_TITLES = ("People who left", "People we can't place", "What Owners ask for", "For other Owners", "Answered")


@dataclass(frozen=True, slots=True)
class Row:
    """One question in words. `choices`: (value, words, whether it is recommended); `chosen`: one's value."""

    change: str
    headline: str
    details: str
    consequence: str
    state: str
    choices: tuple[tuple[str, str, bool], ...]
    mine: str | None
    why_not: str
    chosen: str


@dataclass(frozen=True, slots=True)
class Group:
    """Questions of one kind under one heading. `count`: how many the whole review has, on all pages."""

    title: str
    count: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a review: at most 50 rows; `pages` in all, numbered from 1.

    `recommended`: (who and why, the answer), on all pages. `answers`: the values of all choices here.
    """

    number: int
    pages: int
    groups: tuple[Group, ...]
    held_back: tuple[str, ...]
    more_held_back: int
    open_count: int
    recommended: tuple[tuple[str, str], ...]
    answers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Said:
    """One answer that is about to be recorded, in words. `waits`: a second Owner must say so too."""

    change: str
    answer: str
    headline: str
    words: str
    removes: bool
    waits: bool


def sheet(standing: Standing, number: int, today: date, chosen: Mapping[str, str] | None = None) -> Sheet:
    """Return one page of the questions, the unanswered first; `chosen`: what was chosen on it already."""
    ordered = sorted(standing.questions, key=_group)
    sizes = {group: len(list(those)) for group, those in groupby(ordered, _group)}
    pages = max(1, -(-len(ordered) // PER_PAGE))
    number = min(max(1, number), pages)
    shown = ordered[(number - 1) * PER_PAGE : number * PER_PAGE]
    groups = tuple(
        Group(_TITLES[group], sizes[group], tuple(_row(one, today, chosen or {}) for one in those))
        for group, those in groupby(shown, _group)
    )
    wanted = recommended(standing)
    return Sheet(
        number=number,
        pages=pages,
        groups=groups,
        held_back=tuple(held_back_words(proposal) for proposal in standing.held_back[:PER_PAGE]),
        more_held_back=max(0, len(standing.held_back) - PER_PAGE),
        open_count=sum(question.state in _OPEN for question in ordered),
        recommended=tuple(
            (headline(q.proposal), answer_words(wanted[q.change_id], q.proposal))
            for q in ordered
            if q.change_id in wanted
        ),
        answers=frozenset(
            value for group in groups for row in group.rows for value, *_ in row.choices if not row.mine
        ),
    )


def recommended(standing: Standing) -> dict[str, str]:
    """Return the recommended answer of every question that this Owner can still answer."""
    return {
        q.change_id: q.recommended
        for q in standing.questions
        if q.recommended and q.may_answer and q.state in _OPEN and q.mine != q.recommended
    }


def said(standing: Standing, answers: Mapping[str, str]) -> list[Said]:
    """Return what is about to be recorded, in words; what is no answer to an open question is left out."""
    by_id = {q.change_id: q for q in standing.questions}
    return [
        Said(
            change,
            answer,
            headline(q.proposal),
            answer_words(answer, q.proposal),
            removes=answer == REMOVE,
            waits=answer in YES and q.needs > 1 and not (q.state == "partly" and not q.mine),
        )
        for change, answer in answers.items()
        if (q := by_id.get(change)) and answer in q.options
    ]


def _group(question: Question) -> int:
    if question.state not in _OPEN:
        return _ANSWERED
    if not question.may_answer:
        return _OTHERS
    if "request" in question.proposal:
        return _WANTED
    return _LEFT if "person" in question.proposal else _UNKNOWN


def _row(question: Question, today: date, chosen: Mapping[str, str]) -> Row:
    is_done = question.state in GONE
    choices = tuple(
        (option, answer_words(option, question.proposal), option == question.recommended)
        for option in question.options
    )
    return Row(
        change=question.change_id,
        headline=headline(question.proposal),
        details="" if is_done else details(question.proposal, today),
        consequence="" if is_done else consequence(question.proposal),
        state=_state(question),
        choices=choices if question.may_answer and not is_done else (),
        mine=question.mine,
        why_not=question.why_not,
        chosen=chosen.get(question.change_id, ""),
    )


def _state(question: Question) -> str:
    who = one_line(" and ".join(name for name in question.given if name), 200)
    if question.state == "open":
        return "Needs the yes of two Owners." if question.needs > 1 else ""
    if question.state == "partly":
        yes = answer_words("do" if "request" in question.proposal else "remove")
        return f"{who or 'One Owner'} said: {yes}. A second Owner's yes is needed."
    if question.state in OUTCOMES:
        told = "Done" if question.state in GONE else "Tried"
        return f"{told} at Meta: {outcome_words(question.state, question.kind)}."
    return f"Answered by {who or 'an Owner'}: {answer_words(question.state, question.proposal)}."
