"""What the page shows of a review, in words: one row per question."""

from dataclasses import dataclass
from datetime import date

from flows.answers.page import Question, Standing
from flows.review.words import OUTCOMES, outcome_words
from matching.roster.change_words import answer_words, consequence, held_back_words, sentence
from matching.roster.one_line import one_line

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One question in words. `choices`: (value, words, whether it is recommended)."""

    change: str
    sentence: str
    consequence: str
    state: str
    choices: tuple[tuple[str, str, bool], ...]
    mine: str | None
    why_not: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a review: at most 50 rows; `pages` in all, numbered from 1."""

    number: int
    pages: int
    rows: tuple[Row, ...]
    held_back: tuple[str, ...]
    open_count: int
    recommended: int


def sheet(standing: Standing, number: int, today: date) -> Sheet:
    """Return one page of the questions, the unanswered first."""
    ordered = sorted(standing.questions, key=lambda q: (not q.may_answer, q.state not in ("open", "partly")))
    pages = max(1, -(-len(ordered) // PER_PAGE))
    number = min(max(1, number), pages)
    shown = ordered[(number - 1) * PER_PAGE : number * PER_PAGE]
    return Sheet(
        number=number,
        pages=pages,
        rows=tuple(_row(question, today) for question in shown),
        held_back=tuple(held_back_words(proposal) for proposal in standing.held_back[:PER_PAGE]),
        open_count=sum(q.state in ("open", "partly") for q in ordered),
        recommended=len(recommended(standing)),
    )


def recommended(standing: Standing) -> dict[str, str]:
    """Return the recommended answer of every question that this Owner can still answer."""
    return {
        q.change_id: q.recommended
        for q in standing.questions
        if q.recommended and q.may_answer and q.state in ("open", "partly") and q.mine != q.recommended
    }


def said(standing: Standing, answers: dict[str, str], today: date) -> list[tuple[str, str, str, str]]:
    """Return what is about to be recorded, in words: change id, answer, who it is about, what is answered."""
    by_id = {q.change_id: q for q in standing.questions}
    return [
        (change, answer, sentence(q.proposal, today), answer_words(answer, q.proposal))
        for change, answer in answers.items()
        if (q := by_id.get(change)) and answer in q.options
    ]


def _row(question: Question, today: date) -> Row:
    choices = tuple(
        (option, answer_words(option, question.proposal), option == question.recommended)
        for option in question.options
    )
    return Row(
        change=question.change_id,
        sentence=sentence(question.proposal, today),
        consequence=consequence(question.proposal),
        state=_state(question),
        choices=choices if question.may_answer else (),
        mine=question.mine,
        why_not=question.why_not,
    )


def _state(question: Question) -> str:
    who = one_line(" and ".join(name for name in question.given if name), 200)
    if question.state == "open":
        return "Needs the yes of two Owners." if question.needs > 1 else ""
    if question.state == "partly":
        yes = answer_words("do" if "request" in question.proposal else "remove")
        return f"{who or 'One Owner'} said: {yes}. A second Owner's yes is needed."
    if question.state in OUTCOMES:
        return f"Tried at Meta: {outcome_words(question.state, question.kind)}."
    return f"Answered by {who or 'an Owner'}: {answer_words(question.state, question.proposal)}."
