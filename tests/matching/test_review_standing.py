"""How answers to a review add up, and what a check does to an open one."""

import pytest

from matching.review.approvals import fate, unsettled
from matching.review.asked import Asked
from matching.review.standing import Verdict, course, open_review, reviews_of, verdicts
from tests.matching.review_rows import Book, question


def anybody(_: str, __: Asked) -> bool:
    return True


def verdict(book: Book, change: str = "a") -> Verdict:
    review = open_review(book.lines, "acme")
    assert review is not None
    return verdicts(book.lines, review, anybody)[change]


def test_nothing_chosen_does_nothing() -> None:
    """A review that nobody answered has no verdict."""
    book = Book()
    book.opens("acme-1", question("a"))

    assert verdict(book).state == "open"


def test_two_approvers_are_two_persons() -> None:
    """Where two are needed, one person who says yes twice is one person."""
    book = Book()
    book.opens("acme-1", question("a", needs=2))
    book.answers("ana", a="remove")
    book.answers("ana", a="remove")
    assert verdict(book).state == "partly"

    book.hours = 5
    book.answers("ben", a="remove")
    found = verdict(book)
    assert (found.state, found.by, found.complete_at) == ("remove", ("ana", "ben"), book.now)


def test_one_keep_outweighs_another_s_approval_until_withdrawn() -> None:
    """The more cautious word wins, whoever spoke first."""
    book = Book()
    book.opens("acme-1", question("a"))
    book.answers("ben", a="keep")
    book.answers("ana", a="remove")
    assert verdict(book).state == "keep"

    book.answers("ben", a="withdraw")
    assert verdict(book).state == "remove"


def test_who_may_not_answer_does_not_count() -> None:
    """An answer of somebody who is no Owner any more, or is the subject, is as if it had not been given."""
    book = Book()
    book.opens("acme-1", question("a"))
    book.answers("mallory", a="remove")
    review = open_review(book.lines, "acme")
    assert review is not None

    found = verdicts(book.lines, review, lambda who, _: who != "mallory")
    assert found["a"].state == "open"


def test_a_superseding_review_keeps_what_is_unchanged_and_voids_the_rest() -> None:
    """An unchanged question keeps its partial approval; one that comes back after it was gone starts anew."""
    book = Book()
    book.opens("acme-1", question("a", needs=2), question("b"))
    book.answers("ana", a="remove", b="remove")
    book.hours = 24
    book.closes("acme-1", "superseded")
    book.opens("acme-2", question("a", needs=2), supersedes="acme-1")
    assert verdict(book).state == "partly"

    book.hours = 48
    book.closes("acme-2", "superseded")
    book.opens("acme-3", question("a", needs=2), question("b"), supersedes="acme-2")
    assert verdict(book).state == "partly"
    assert verdict(book, "b").state == "open"


@pytest.mark.parametrize("state", ["expired", "answered", "cancelled"])
def test_a_new_review_after_an_end_starts_anew(state: str) -> None:
    """Answers to a review that ended count for no other."""
    book = Book()
    book.opens("acme-1", question("a", needs=2))
    book.answers("ana", a="remove")
    book.closes("acme-1", state)
    book.hours = 1
    book.opens("acme-2", question("a", needs=2))

    assert verdict(book).state == "open"
    assert [review.state for review in reviews_of(book.lines, "acme")] == [state, "open"]


def test_a_tried_change_needs_a_new_yes() -> None:
    """Once something came of a change, its yeses are spent: nothing is tried twice on one word."""
    book = Book()
    book.opens("acme-1", question("a"))
    book.answers("ana", a="remove")
    book.write("result", {"change": "a", "approval": 99, "outcome": "refused"})
    assert verdict(book).state == "open"

    book.answers("ana", a="remove")
    assert verdict(book).state == "remove"


def test_an_incomplete_check_leaves_an_open_review_as_it_is() -> None:
    """A check that knows less does not take questions away."""
    book = Book()
    book.opens("acme-1", question("a"))
    current = open_review(book.lines, "acme")

    assert course(current, [], complete=False).what == "keep"
    assert course(current, ["a"], complete=True).what == "keep"
    assert course(current, [], complete=True).what == "close"
    changed = course(current, ["a", "b"], complete=True)
    assert (changed.what, changed.new, changed.gone) == ("open", ("b",), ())
    assert course(None, ["a"], complete=False).what == "open"
    assert course(None, [], complete=True).what == "none"


def approved(book: Book, *, hold_h: float = 0.25) -> None:
    from datetime import timedelta

    book.write(
        "approved",
        {
            "review": "acme-1",
            "change": "a",
            "by": ["ana"],
            "asked": question("a").as_payload(),
            "complete_at": book.now.isoformat(),
            "not_before": (book.now + timedelta(hours=hold_h)).isoformat(),
        },
    )


def test_an_approval_waits_is_due_and_lapses() -> None:
    """It is done not before its hold is over, and not after 24 hours."""
    book = Book()
    book.opens("acme-1", question("a"))
    book.answers("ana", a="remove")
    approved(book)
    (one,) = unsettled(book.lines, "acme")

    found = []
    for hours in (0.0, 0.25, 23.9, 24.1):
        book.hours = hours
        found.append(fate(one, book.lines, book.now))
    assert found == ["wait", "due", "due", "lapsed"]


@pytest.mark.parametrize(
    ("person", "answer", "expected"),
    [
        ("ana", "withdraw", "withdrawn"),
        ("ben", "keep", "withdrawn"),
        ("ben", "exempt", "withdrawn"),
        ("ben", "withdraw", "due"),
        ("ben", "remove", "due"),
    ],
)
def test_a_later_word_stops_an_approved_change(person: str, answer: str, expected: str) -> None:
    """An approver's withdrawal, and anybody's word for staying, stop it; other words don't."""
    book = Book()
    book.opens("acme-1", question("a"))
    book.answers("ana", a="remove")
    approved(book, hold_h=0)
    book.hours = 1
    book.answers(person, a=answer)
    (one,) = unsettled(book.lines, "acme")

    assert fate(one, book.lines, book.now) == expected


def test_what_has_a_result_is_settled() -> None:
    """A result, whatever it says, ends an approval; an intention does not."""
    book = Book()
    book.opens("acme-1", question("a"))
    approved(book)
    seq = book.lines[-1].seq
    book.write("intended", {"approval": seq, "call": "remove", "role": ""})
    (one,) = unsettled(book.lines, "acme")
    assert one.intended_at is not None

    book.write("result", {"approval": seq, "change": "a", "outcome": "unknown"})
    assert unsettled(book.lines, "acme") == []
