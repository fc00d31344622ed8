"""Since when the Owners know of a yes: from then on they have time to say stop."""

from datetime import timedelta

from matching.review.approvals import Approval, unsettled
from matching.review.told import Told
from tests.matching.review_rows import DAY_ONE, Book, question


def a_yes(book: Book) -> int:
    """Write Ana's yes and the approval that it completes; return the row of the yes."""
    said = book.answers("ana", a="remove")
    book.write(
        "approved",
        {
            "review": "acme-1",
            "change": "a",
            "by": ["ana"],
            "asked": question("a").as_payload(),
            "complete_at": book.now.isoformat(),
            "not_before": (book.now + timedelta(minutes=15)).isoformat(),
        },
    )
    return said.seq


def receipt(book: Book, row: int, person: str, kind: str = "mail_sent") -> None:
    book.write(
        kind,
        {"key": f"receipt:{row}:{person}", "kind": "receipt", "person": person, "review": "", "about": [row]},
    )


def told(book: Book, *owners: str) -> Told:
    return Told(book.lines, "acme", owners, book.now)


def last(book: Book) -> Approval:
    return unsettled(book.lines, "acme")[-1]


def begun(*owners: str) -> Book:
    book = Book()
    for who in owners:
        book.write("owner_named", {"person": who, "counts_from": book.now.isoformat()})
    book.opens("acme-1", question("a"))
    return book


def test_it_counts_from_the_last_receipt_of_all_who_get_mail() -> None:
    book = begun("ana", "ben")
    row = a_yes(book)
    assert last(book).hold == timedelta(minutes=15)
    assert told(book, "ana", "ben").since(last(book)) is None
    book.hours = 1
    receipt(book, row, "ana")
    assert told(book, "ana", "ben").since(last(book)) is None
    book.hours = 3
    receipt(book, row, "ben")
    assert told(book, "ana", "ben").since(last(book)) == DAY_ONE + timedelta(hours=3)


def test_a_receipt_of_another_answer_is_not_one_of_this() -> None:
    book = begun("ana")
    receipt(book, a_yes(book), "ana")
    a_yes(book)
    assert told(book, "ana").since(last(book)) is None


def test_a_mailbox_that_takes_nothing_is_not_waited_for_where_somebody_was_reached() -> None:
    book = begun("ana", "ben")
    row = a_yes(book)
    receipt(book, row, "ben", "mail_refused")
    assert told(book, "ben").since(last(book)) is None, "nobody knows of it"
    book.hours = 1
    receipt(book, row, "ana")
    assert told(book, "ana", "ben").since(last(book)) == book.now


def test_who_became_an_owner_after_the_answer_is_not_waited_for() -> None:
    book = begun("ana")
    row = a_yes(book)
    receipt(book, row, "ana")
    book.write("owner_named", {"person": "cleo", "counts_from": book.now.isoformat()})
    assert told(book, "ana", "cleo").since(last(book)) == book.now
