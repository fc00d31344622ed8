"""Words that are nearly the same: what the keys find is what comparing all would find."""

from itertools import product

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA, JaroWinkler

from matching.people.near_words import CROWDED_KEY, LIKENESS, near_words

WORDS = st.lists(st.text("abno1", max_size=10), max_size=12, unique=True)


def found(said: list[str], carried: list[str]) -> set[tuple[str, str, str]]:
    """Return the near pairs of words, with their kind."""
    words = np.array([*said, *carried, None], dtype=object)[:-1]
    rows = near_words(words, np.arange(len(said)), np.arange(len(carried)) + len(said))
    named = zip(words[rows["said"]], words[rows["carried"]], rows["kind"], strict=True)
    return set(named)


def test_a_word_with_one_letter_changed_dropped_added_or_swapped_is_a_typo() -> None:
    others = ["kathrin", "kahtrin", "kathrine", "katrin", "kathryn"]

    assert found(["kathrin"], others) >= {("kathrin", other, "typo") for other in others[1:]}


def test_words_of_three_letters_are_never_near() -> None:
    assert found(["ana", "anna"], ["ann", "ina"]) == set()


def test_a_long_word_with_two_letters_missing_is_alike() -> None:
    assert ("alexandros", "alexandr", "alike") in found(["alexandros"], ["alexandr"])


def test_a_key_that_many_words_share_tells_nothing() -> None:
    many = [f"beatrix{number}" for number in range(CROWDED_KEY + 1)]

    assert found(["beatriy"], many) == set()
    assert len(found(["beatriy"], many[:CROWDED_KEY])) == CROWDED_KEY


@settings(deadline=None)
@given(said=WORDS, carried=WORDS)
def test_one_edit_in_the_first_seven_letters_is_found_and_nothing_else_is_told(said, carried) -> None:
    rows = {(a, b): kind for a, b, kind in found(said, carried)}

    for a, b in product(said, carried):
        edits, likeness = OSA.distance(a, b), JaroWinkler.similarity(a, b)
        if (a, b) in rows:
            assert rows[a, b] == ("typo" if edits <= 1 else "alike")
            assert edits <= 1 or likeness >= LIKENESS
        elif edits == 1 and a[:7] != b[:7]:
            assert min(len(a), len(b)) < 4


@settings(deadline=None)
@given(said=WORDS, carried=WORDS, turned=st.randoms(use_true_random=False))
def test_the_order_of_the_words_changes_nothing(said, carried, turned) -> None:
    before = found(said, carried)
    turned.shuffle(said)
    turned.shuffle(carried)

    assert found(said, carried) == before


def test_more_words_than_are_compared_at_once_come_to_the_same_in_parts() -> None:
    said = ["".join(letters) for letters in product("abcdefg", repeat=4)]
    words = np.array(said, dtype=object)
    all_places = np.arange(len(words))
    whole = pd.DataFrame(near_words(words, all_places, all_places))
    few = [
        pd.DataFrame(near_words(words, all_places[start : start + 100], all_places))
        for start in range(0, len(words), 100)
    ]

    assert len(said) > 2_000
    pd.testing.assert_frame_equal(pd.concat(few, ignore_index=True), whole)
