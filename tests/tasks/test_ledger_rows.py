"""What stands beside the chain: names, sessions, leases."""

from datetime import timedelta

import pytest

from tasks.ledger import leases
from tasks.ledger.codes import issue
from tasks.ledger.retention import forget_old
from tasks.ledger.sessions import end_session, open_session, session_of
from tests.tasks.ledger_scene import START, Scene


def test_a_reference_is_stable_random_and_says_nothing(scene: Scene) -> None:
    with scene.ledger.writing() as book:
        ana = book.ref("person", "ana@example.com", name="Ana Silva", address="ana@example.com")
        assert book.ref("person", "ana@example.com") == ana
        assert book.find("person", "ana@example.com") == ana
        seat = book.ref("member", "ana@example.com")

    assert ana.startswith("person:")
    assert "ana" not in ana.removeprefix("person:")
    assert seat.startswith("member:")
    with scene.again().writing() as book:
        assert book.ref("person", "ana@example.com", name="Ana Costa") == ana  # married
        assert book.named([ana, seat, "person:none"]) == {
            ana: {"id": "ana@example.com", "name": "Ana Costa", "address": "ana@example.com"},
            seat: {"id": "ana@example.com"},
            "person:none": {},
        }


def test_an_erased_person_who_comes_again_is_somebody_else(scene: Scene) -> None:
    with scene.ledger.writing() as book:
        before = book.ref("person", "p1", name="Ana")
        book.erase(before)
        after = book.ref("person", "p1", name="Ana")

    assert before != after


HURTING = ["Ana\0Silva", "\ud800", "\ud83d\ude00", "a" * 100_000, "'; drop table names", "שלום\u202e", ""]


@pytest.mark.parametrize("name", HURTING)
def test_a_name_that_somebody_chose_to_hurt_is_kept(scene: Scene, name: str) -> None:
    with scene.ledger.writing() as book:
        ref = book.ref("member", f"id {name}", name=name)
        assert book.ref("member", f"id {name}", name=name) == ref
        kept = book.named([ref])[ref]["name"]

    assert kept.isprintable() or kept == name or "\N{REPLACEMENT CHARACTER}" in kept
    kept.encode()


def test_free_texts_stand_beside_the_chain(scene: Scene) -> None:
    with scene.ledger.writing() as book:
        first, second = book.text("ask bob@example.com"), book.text("ask bob@example.com")
        assert book.named([first])[first]["words"] == "ask bob@example.com"

    assert first != second


def test_three_thousand_references_are_named_at_once(scene: Scene) -> None:
    with scene.ledger.writing() as book:
        refs = [book.ref("member", str(n), name=f"Name {n}") for n in range(3_000)]
        named = book.named(refs)

    assert [named[ref]["id"] for ref in refs] == [str(n) for n in range(3_000)]


def test_a_session_lives_as_long_as_it_was_given(scene: Scene) -> None:
    with scene.ledger.writing() as book:
        token = open_session(book, owner="person:ana", purpose="page", review="r1", minutes=30)
    scene.clock.move(minutes=29)
    with scene.ledger.reading() as book:
        found = session_of(book, token)
        assert found is not None
        assert (found.owner, found.purpose, found.review) == ("person:ana", "page", "r1")
        assert found.expires_at == START + timedelta(minutes=30)
        for forged in ("", "x", token[:-1], token + "x", "\ud800", "a" * 10**6):
            assert session_of(book, forged) is None
    scene.clock.move(minutes=1)
    with scene.ledger.reading() as book:
        assert session_of(book, token) is None


def test_what_ended_long_ago_is_forgotten_and_the_chain_is_not(scene: Scene) -> None:
    scene.write(1)
    with scene.ledger.writing() as book:
        soon = book.now + timedelta(days=1)
        ana = book.ref("person", "p1", name="Ana")
        for purpose in ("page", "verdict"):
            issue(book, purpose=purpose, hub="acme", review="r", owner=ana, meaning=None, expires_at=soon)
        leases.take(book, "apply", "one", 60)
        assert forget_old(book) == 0
    scene.clock.move(days=402)
    with scene.ledger.writing() as book:
        assert forget_old(book) == 3
        assert book.named([ana])[ana]["name"] == "Ana"
        assert len(book.entries()) == 1


def test_a_session_ends_when_told(scene: Scene) -> None:
    with scene.ledger.writing() as book:
        tokens = [
            open_session(book, owner="person:ana", purpose="login", review="", minutes=9) for _ in "123"
        ]
        end_session(book, tokens[0])
        assert [session_of(book, token) is None for token in tokens] == [True, False, False]


def test_a_lease_is_held_by_one_until_it_ends(scene: Scene) -> None:
    with scene.ledger.writing() as book:
        assert leases.take(book, "apply acme", "one", 60)
        assert not leases.take(book, "apply acme", "two", 60)
        assert leases.take(book, "apply other", "two", 60)
        assert leases.take(book, "apply acme", "one", 60)
        assert not leases.give_back(book, "apply acme", "two")
    scene.clock.move(seconds=59)
    with scene.ledger.writing() as book:
        assert leases.renew(book, "apply acme", "one", 60)
    with scene.ledger.reading() as book:
        assert leases.lasts(book, "apply acme", "one", 59)
        assert not leases.lasts(book, "apply acme", "one", 60)  # then it is over
        assert not leases.lasts(book, "apply acme", "two", 1)
    scene.clock.move(seconds=60)
    with scene.ledger.writing() as book:
        assert not leases.renew(book, "apply acme", "one", 60)  # too late: another may have begun
        assert leases.take(book, "apply acme", "two", 60)
        assert not leases.renew(book, "apply acme", "one", 60)
        assert leases.give_back(book, "apply acme", "two")
        assert leases.take(book, "apply acme", "one", 60)
