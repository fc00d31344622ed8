"""Answers by verdict codes, as the command line and Prefect's form take them (design §9).

A verdict code means one answer on fixed changes, of one Owner: an altered form can lose codes, never add one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flows.answering import Answered, AnswerRefused, SeenFrom, record_answers
from flows.ledger_access import ledger_of
from flows.reviewing import PROGRAM
from flows.settings import Settings
from tasks.ledger.codes import RefusedCode, redeem

REFUSED = "answer_refused"
MOST_CODES = 500  # of one form; a mail has at most 30 questions with a few answers each


@dataclass(frozen=True, slots=True)
class Outcome:
    """What each of the codes came to, in their order: an answer, or why it had no effect."""

    taken: tuple[Answered, ...]
    refused: tuple[str, ...]


def answer_by_codes(
    settings: Settings,
    codes: Sequence[str],
    *,
    via: str,
    comment: str = "",
    review: str | None = None,
    seen_from: SeenFrom | None = None,
) -> Outcome:
    """Take verdict codes as answers, each by itself; a bad one grants nothing and says why.

    `review`: the only one that they may belong to, where that is known.
    """
    if len(codes) > MOST_CODES:
        return Outcome((), (f"{len(codes)} codes are too many at once: at most {MOST_CODES}",))
    taken: list[Answered] = []
    refused: list[str] = []
    with ledger_of(settings) as ledger:
        for code in dict.fromkeys(codes):
            try:
                with ledger.writing() as book:
                    found = redeem(book, code, purposes={"verdict"}, review=review)
                    if isinstance(found, RefusedCode):
                        refused.append(found.reason)
                        book.append(
                            REFUSED,
                            hub="",
                            actor=PROGRAM,
                            identified_by=via,
                            payload={"review": review, "reason": found.reason},
                        )
                        continue
                    taken.append(
                        record_answers(
                            settings,
                            book,
                            found.hub,
                            found.review,
                            person=found.owner,
                            answers=(found.meaning or {}).get("answers", {}),
                            identified_by=f"verdict code, {via}",
                            comment=comment,
                            seen_from=seen_from,
                        )
                    )
            except AnswerRefused as error:
                refused.append(str(error))
                with ledger.writing() as book:
                    book.append(
                        REFUSED,
                        hub="",
                        actor=PROGRAM,
                        identified_by=via,
                        payload={"review": review, "reason": "no effect"},
                    )
    return Outcome(tuple(taken), tuple(refused))


def codes_in(text: str) -> list[str]:
    """Return what could be codes in what somebody typed or pasted: separated by blanks, commas or lines."""
    return [word for word in text.replace(",", " ").replace(";", " ").split() if word.strip()]
