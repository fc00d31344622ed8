"""A payload reads back as it was hashed, whatever somebody put in it; an address never gets in."""

import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.roster.canonical import canonical_json
from tasks.ledger.book import Book
from tasks.ledger.entry import payload_of, payload_text, stamp, well_formed
from tests.tasks.ledger_scene import Scene

# every character, halves of pairs included, but the one that is refused
TEXTS = st.text(st.characters(blacklist_categories=(), blacklist_characters="@"), max_size=20)
PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=15,
)


def is_twice(value: Any) -> bool:
    """Say whether two keys of an object become one: refused, as one of them would be lost."""
    if isinstance(value, list):
        return any(is_twice(one) for one in value)
    if not isinstance(value, dict):
        return False
    return len({well_formed(key) for key in value}) < len(value) or any(
        is_twice(one) for one in value.values()
    )


@given(st.dictionaries(TEXTS, VALUES, max_size=5))
def test_what_is_stored_reads_back_and_is_canonical(payload: dict[str, Any]) -> None:
    if is_twice(payload):
        with pytest.raises(ValueError, match="the same"):
            payload_text(payload)
        return
    stored = payload_text(payload)

    stored.encode("utf-8")
    assert "\0" not in stored
    assert canonical_json(payload_of(stored)).decode() == stored
    assert payload_text(payload_of(stored)) == stored


@given(TEXTS)
def test_well_formed_text_stays_and_two_halves_become_what_they_mean(text: str) -> None:
    kept = well_formed(text)

    assert well_formed(kept) == kept
    try:
        text.encode()
    except UnicodeEncodeError:
        assert kept != text
    else:
        assert kept == text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    assert well_formed("\ud83d\ude00") == "😀"


@pytest.mark.parametrize(
    "payload",
    [
        {"to": "ana@example.com"},
        {"ana@example.com": 1},
        {"a": {"b": [{"c": "mail ana@example.com today"}]}},
        {"a": ("x", "@")},
    ],
)
def test_an_address_never_gets_in(payload: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="holds an address"):
        payload_text(payload)


@pytest.mark.parametrize("column", ["hub", "actor", "identified_by", "kind"])
def test_nor_into_any_other_column(scene: Scene, column: str) -> None:
    columns = {"hub": "acme", "actor": "person:x", "identified_by": "cli", "kind": "decided"}
    columns[column] = "ana@example.com"
    with scene.ledger.writing() as book, pytest.raises(ValueError, match=f"{column} holds an address"):
        book.append(columns.pop("kind"), payload={}, **columns)


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), b"x", {1: "x"}, {"a", "b"}, datetime(2026, 1, 1), object()],  # noqa: DTZ001
)
def test_what_json_cannot_say_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="payload"):
        payload_text({"a": [value]})


def test_a_payload_without_end_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(ValueError, match="20 levels"):
        payload_text({"a": endless})


def test_a_refused_entry_leaves_the_others_of_its_transaction(scene: Scene) -> None:
    def append(book: Book, word: str) -> None:
        book.append("a", hub="acme", actor="person:x", identified_by="cli", payload={"word": word})

    with scene.ledger.writing() as book:
        append(book, "one")
        with pytest.raises(ValueError, match="address"):
            append(book, "a@b")
        append(book, "two")
    with scene.ledger.reading() as book:
        assert [json.dumps(entry.payload) for entry in book.entries()] == [
            '{"word": "one"}',
            '{"word": "two"}',
        ]


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        stamp(datetime(2026, 1, 1))  # noqa: DTZ001
