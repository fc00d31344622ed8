"""Answers by verdict codes, as the command line and Prefect's form take them (design §9).

A verdict code means one answer on fixed changes, of one Owner: an altered form can lose codes, never add one.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flows.opening.ledger import ledger_of
from flows.review.answering import Answered, AnswerRefused, SeenFrom, record_answers
from flows.review.closing import PROGRAM, cancel_lost
from flows.review.refusals import write_refused
from flows.settings import Settings
from matching.review.standing import CLOSED, OPENED, reviews_of, successor
from tasks.ledger.book import Book, Ledger
from tasks.ledger.codes import UNKNOWN, VOID, Redeemed, RefusedCode, redeem

_NoEffect = tuple[str, str, str]  # the hub and the Owner of a code, where known; why it had no effect
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
    with ledger_of(settings) as ledger:
        if len(codes) > MOST_CODES:
            reason = f"{len(codes)} codes are too many at once: at most {MOST_CODES}; nothing was done"
            write_refused(settings, ledger, via=via, reason=reason, review=review, times=len(codes))
            return Outcome((), (reason,))
        taken: list[Answered] = []
        refused: list[_NoEffect] = []
        for code in dict.fromkeys(codes):
            one = _take(settings, ledger, code, via, comment, review, seen_from)
            if isinstance(one, Answered):
                taken.append(one)
            else:
                refused.append(one)
        for (hub, owner, reason), times in Counter(refused).items():
            write_refused(
                settings, ledger, via=via, reason=reason, review=review, hub=hub, person=owner, times=times
            )
    return Outcome(tuple(taken), tuple(reason for *_, reason in refused))


def _take(
    settings: Settings,
    ledger: Ledger,
    code: str,
    via: str,
    comment: str,
    review: str | None,
    seen_from: SeenFrom | None,
) -> Answered | _NoEffect:
    hub, owner = "", PROGRAM
    try:
        with ledger.writing() as book:
            found = redeem(book, code, purposes={"verdict"})
            if isinstance(found, RefusedCode):
                return hub, owner, found.reason
            hub, owner = found.hub, found.owner
            answers = (found.meaning or {}).get("answers", {})
            return record_answers(
                settings,
                book,
                hub,
                _review_now(book, found, answers, review),
                person=owner,
                answers=answers,
                identified_by=f"verdict code, {via}",
                comment=comment,
                seen_from=seen_from,
            )
    except AnswerRefused as error:
        cancel_lost(settings, ledger, hub)
        return hub, owner, str(error)


def _review_now(book: Book, found: Redeemed, answers: Mapping[str, str], wanted: str | None) -> str:
    """Return the review in which a code counts by now: its own, or what took its place asking the same.

    Unchanged questions keep their codes (design §9). A code about several, of which one has changed, doesn't
    count at all: whoever typed it meant them all.
    """
    reviews = reviews_of(book.entries(hub=found.hub, kinds={OPENED, CLOSED}), found.hub)
    now = successor(reviews, found.review)
    if wanted is not None and wanted not in (found.review, now.id if now else ""):
        raise AnswerRefused(UNKNOWN)
    if now is None or now.id == found.review:
        return found.review
    asked = next(one.asked for one in reviews if one.id == found.review)
    if any(now.asked.get(change) != asked.get(change) for change in answers):
        raise AnswerRefused(VOID)
    return now.id


def codes_in(text: str) -> list[str]:
    """Return what could be codes in what somebody typed or pasted: separated by blanks, commas or lines."""
    return [word for word in text.replace(",", " ").replace(";", " ").split() if word.strip()]
