"""A code grants what it was given out for, once, to its owner, while it lives; and nothing else."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from tasks.ledger.book import Book
from tasks.ledger.codes import ALPHABET, Redeemed, RefusedCode, issue, redeem, void
from tasks.ledger.tries import count_try, locked
from tests.tasks.ledger_scene import START, Scene

SOON = START + timedelta(days=14)


def given(
    book: Book, purpose: str = "page", owner: str = "person:ana", review: str = "r1", **more: object
) -> str:
    """Issue a code, for Ana and review r1 unless told otherwise."""
    expires_at = more.pop("expires_at", SOON)
    meaning = more.pop("meaning", None)
    assert isinstance(expires_at, datetime)
    assert meaning is None or isinstance(meaning, dict)
    return issue(
        book, purpose=purpose, hub="acme", review=review, owner=owner, meaning=meaning, expires_at=expires_at
    )


def kind(found: Redeemed | RefusedCode) -> str:
    return found.kind if isinstance(found, RefusedCode) else "accepted"


def test_a_code_brings_back_what_it_was_given_out_for(scene: Scene) -> None:
    meaning = {"changes": ["c1", "c2"], "answer": "remove"}
    with scene.ledger.writing() as book:
        code = given(book, "verdict", meaning=meaning)
    with scene.ledger.writing() as book:
        found = redeem(book, code, purposes={"verdict"}, owner="person:ana", review="r1")

    assert found == Redeemed("verdict", "acme", "r1", "person:ana", meaning, SOON)
    assert (len(code), set(code) - set(ALPHABET)) == (10, set())


@pytest.mark.parametrize(
    "typed", ["{lower}", " {code} ", "{a}-{b}", "{a}–{b}", "{a} {b}\n", "{wide}", "“{code}”"]
)
def test_case_spaces_and_dashes_do_not_matter(scene: Scene, typed: str) -> None:
    with scene.ledger.writing() as book:
        code = given(book)
        wide = "".join(chr(ord(one) + 0xFEE0) for one in code)  # as an Asian keyboard types it
        words = typed.format(code=code, lower=code.lower(), a=code[:5], b=code[5:], wide=wide)
        assert kind(redeem(book, words, purposes={"page"})) == "accepted"


NO_CODES = ["", "ABC", "A" * 10, "A" * 11, "A" * 100_000, "\0" * 10, "\ud800" * 10, "' or 1=1--", "٣" * 10]


@pytest.mark.parametrize("typed", NO_CODES)
def test_what_is_no_code_is_refused(scene: Scene, typed: str) -> None:
    with scene.ledger.writing() as book:
        given(book)
        assert kind(redeem(book, typed, purposes={"page"}, owner="person:ana")) == "unknown"


def test_verdict_and_login_codes_are_single_use_and_page_codes_are_not(scene: Scene) -> None:
    for purpose, second in (("verdict", "used"), ("login", "used"), ("claim", "used"), ("page", "accepted")):
        with scene.ledger.writing() as book:
            code = given(book, purpose)
        with scene.ledger.writing() as book:
            assert kind(redeem(book, code, purposes={purpose})) == "accepted"
        with scene.ledger.writing() as book:
            assert kind(redeem(book, code, purposes={purpose})) == second


def test_a_code_whose_transaction_fails_was_not_used(scene: Scene) -> None:
    with scene.ledger.writing() as book:
        code = given(book, "verdict")

    def fail() -> None:
        with scene.ledger.writing() as book:
            redeem(book, code, purposes={"verdict"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with scene.ledger.writing() as book:
        assert kind(redeem(book, code, purposes={"verdict"})) == "accepted"


def test_what_is_not_theirs_is_told_like_what_never_was(scene: Scene) -> None:
    with scene.ledger.writing() as book:
        code = given(book, "verdict")
        never = redeem(book, "ABCDEFGHJK", purposes={"verdict"}, owner="person:ana", review="r1")
        others = redeem(book, code, purposes={"verdict"}, owner="person:bob", review="r1")
        elsewhere = redeem(book, code, purposes={"verdict"}, owner="person:ana", review="r2")
        otherwise = redeem(book, code, purposes={"page", "login"}, owner="person:ana", review="r1")

    assert isinstance(never, RefusedCode)
    assert never.kind == "unknown"
    assert never == others == elsewhere == otherwise


def test_a_code_expires(scene: Scene) -> None:
    with scene.ledger.writing() as book:
        code = given(book, expires_at=START + timedelta(minutes=15))
    scene.clock.move(minutes=14, seconds=59)
    with scene.ledger.writing() as book:
        assert kind(redeem(book, code, purposes={"page"})) == "accepted"
    scene.clock.move(seconds=1)
    with scene.ledger.writing() as book:
        assert kind(redeem(book, code, purposes={"page"})) == "expired"


def test_voided_codes_are_those_that_were_named(scene: Scene) -> None:
    with scene.ledger.writing() as book:
        one = given(book, "verdict", meaning={"changes": ["c1"], "answer": "remove"})
        both = given(book, "verdict", meaning={"changes": ["c1", "c2"], "answer": "keep"})
        other = given(book, "verdict", meaning={"changes": ["c2"], "answer": "remove"})
        page = given(book)
        bobs = given(book, "verdict", owner="person:bob", review="r2")
        assert void(book, review="r1", meanings={"c1", "c7"}) == 2
        assert void(book, review="r1", meanings={"c1", "c7"}) == 0
        found = [redeem(book, code, purposes={"verdict", "page"}) for code in (one, both, other, page)]
        assert [kind(one) for one in found] == ["void", "void", "accepted", "accepted"]
        assert void(book, owner="person:bob") == 1
        assert kind(redeem(book, bobs, purposes={"verdict"})) == "void"
        assert void(book, review="r1", purpose="page") == 1
        with pytest.raises(ValueError, match="which codes"):
            void(book)


def test_fifteen_wrong_tries_close_the_door_until_a_new_code_is_sent(scene: Scene) -> None:
    with scene.ledger.writing() as book:
        code = given(book, "login")
        bobs = given(book, "login", owner="person:bob")
    for _ in range(15):
        with scene.ledger.writing() as book:
            assert kind(redeem(book, "ABCDEFGHJK", purposes={"login"}, owner="person:ana")) == "unknown"
    with scene.ledger.writing() as book:
        assert kind(redeem(book, code, purposes={"login"}, owner="person:ana")) == "locked"
        assert kind(redeem(book, bobs, purposes={"login"}, owner="person:bob")) == "accepted"
        new = given(book, "login")
        assert kind(redeem(book, new, purposes={"login"}, owner="person:ana")) == "accepted"


@pytest.mark.parametrize("purpose", ["verdict", "page"])
def test_where_strangers_can_type_wrong_codes_close_no_door(scene: Scene, purpose: str) -> None:
    """Operators type into Prefect's form, strangers at the page, which counts by where they come from."""
    with scene.ledger.writing() as book:
        page = given(book)
        for _ in range(40):
            redeem(book, "ABCDEFGHJK", purposes={purpose}, review="r1", owner="person:ana")
        assert kind(redeem(book, page, purposes={"page"}, review="r1", owner="person:ana")) == "accepted"
        assert book.rows(text("select * from tries")) == []


def test_a_door_can_be_counted_by_hand(scene: Scene) -> None:
    with scene.ledger.writing() as book:
        assert [count_try(book, "review r1") for _ in range(15)] == list(range(1, 16))
        assert locked(book, "review r1")
        assert not locked(book, "review r2")
        assert (
            kind(redeem(book, given(book, "claim", review="r2"), purposes={"claim"}, review="r1")) == "locked"
        )


@pytest.mark.parametrize("review", ["r9", "", "\0", "\ud800", "r1' or 1=1--", "r" * 1_000_000])
def test_who_invents_reviews_gets_in_nowhere_and_leaves_nothing(scene: Scene, review: str) -> None:
    with scene.ledger.writing() as book:
        code = given(book)
        for _ in range(20):
            assert kind(redeem(book, code, purposes={"claim"}, review=review)) == "unknown"
        assert book.rows(text("select * from tries")) == []


def test_the_ledger_holds_no_code_in_clear(scene: Scene) -> None:
    with scene.ledger.writing() as book:
        code = given(book)
        stored = [str(tuple(row)) for row in book.rows(text("select * from codes"))]

    assert len(stored) == 1
    assert code not in stored[0]


def test_a_thousand_codes_are_given_out_and_redeemed_in_one_transaction_each(scene: Scene) -> None:
    with scene.ledger.writing() as book:
        given_out = [given(book, "verdict", meaning={"change": f"c{n}"}) for n in range(1000)]
    with scene.ledger.writing() as book:
        found = [redeem(book, code, purposes={"verdict"}, review="r1") for code in given_out]

    assert len(set(given_out)) == 1000
    assert {kind(one) for one in found} == {"accepted"}
