"""Input that nobody would send on purpose: a right answer, in bounded time and memory."""

import time
from itertools import product

import numpy as np
import pandas as pd
import pytest

from matching.people.link import match_people

EMPTY_MEMBERS = pd.DataFrame(columns=["member_id", "name", "email"])
EMPTY_PEOPLE = pd.DataFrame(columns=["person_id", "given_name", "family_name", "primary_email", "aliases"])
ONE_MEMBER = pd.DataFrame([{"member_id": "m", "name": "Ana Silva", "email": "ana@x.example"}])
ONE_PERSON = pd.DataFrame([{"person_id": "p", "display_name": "Ana Silva", "primary_email": "ana@x.example"}])


@pytest.mark.parametrize("members", [EMPTY_MEMBERS, ONE_MEMBER])
@pytest.mark.parametrize("people", [EMPTY_PEOPLE, ONE_PERSON])
def test_empty_frames_are_frames(members: pd.DataFrame, people: pd.DataFrame) -> None:
    result = match_people(members, people)

    assert len(result.outcomes) == len(members)
    assert (result.outcomes["outcome"] == "matched").sum() == min(len(members), len(people))
    assert list(result.candidates.columns) == ["member_id", "rank", "person_id", "posterior", "score"]


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA, ""])
def test_nulls_everywhere_match_nobody(missing: object) -> None:
    members = pd.DataFrame({"member_id": ["m1", "m2"], "name": [missing] * 2, "email": [missing] * 2})
    people = pd.DataFrame(
        {
            column: [missing] * 2
            for column in ("user_name", "given_name", "family_name", "display_name", "aliases")
        }
        | {"person_id": ["p1", "p2"], "primary_email": [missing] * 2, "kind": [missing] * 2}
    )

    result = match_people(members, people)

    assert result.outcomes["reason"].tolist() == ["no_candidate"] * 2
    assert result.outcomes["person_id"].isna().all()


def test_ids_alone_are_enough_to_be_answered() -> None:
    result = match_people(pd.DataFrame({"member_id": ["m"]}), pd.DataFrame({"person_id": ["p"]}))

    assert result.outcomes["outcome"].tolist() == ["unmatched"]


@pytest.mark.parametrize(
    "name",
    [
        "x" * 10_000, "Ana " * 2_500, "A", "😀" * 50, "\u202eavliS anA", "A\u200bna Sil\u200bva",
        "Ana\x00 Silva",
        "عمر الشريف", "e\u0301" * 5_000, "Ana\ud800 Silva", "'; drop table seats; --", "(((((((((",
        "-" * 5_000, " | " * 3_000, "á́́́́́",
    ],
)  # fmt: skip
def test_any_name_is_answered_at_once(name: str) -> None:
    people = pd.concat([ONE_PERSON, ONE_PERSON.assign(person_id="q", display_name=name, primary_email=None)])
    start = time.perf_counter()

    result = match_people(pd.DataFrame([{"member_id": "m", "name": name}]), people)

    assert time.perf_counter() - start < 5
    linked = result.outcomes[result.outcomes["outcome"] == "matched"]
    assert "p" not in set(linked["person_id"])
    assert np.isfinite(result.outcomes["score"]).all()


def test_ten_thousand_namesakes_cost_no_square() -> None:
    people = pd.DataFrame(
        {"person_id": [f"p{n}" for n in range(10_000)], "given_name": "Anh", "family_name": "Nguyễn"}
    )
    members = pd.DataFrame({"member_id": [f"m{n}" for n in range(5_000)], "name": "Nguyễn Anh"})
    start = time.perf_counter()

    result = match_people(members, people)

    assert time.perf_counter() - start < 30
    assert set(result.outcomes["reason"]) == {"namesake"}
    assert len(result.candidates) == 25_000
    assert result.outcomes["posterior"].max() < 0.001  # one of ten thousand, and says so


def test_ten_thousand_words_that_differ_in_one_letter_cost_no_square() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    names = [f"Nameless{''.join(three)}" for three in product(letters, repeat=3)][:10_000]
    people = pd.DataFrame({"person_id": [f"p{n}" for n in range(10_000)], "family_name": names})
    members = pd.DataFrame({"member_id": [f"m{n}" for n in range(5_000)], "name": names[:5_000]})
    start = time.perf_counter()

    match_people(members, people)

    assert time.perf_counter() - start < 30


def test_an_address_that_many_people_have_is_for_review_with_five_of_them() -> None:
    people = pd.DataFrame({"person_id": [f"p{n}" for n in range(3_000)], "primary_email": "all@x.example"})
    members = pd.DataFrame({"member_id": [f"m{n}" for n in range(300)], "email": "all@x.example"})

    result = match_people(members, people)

    assert set(result.outcomes["reason"]) == {"ambiguous_address"}
    assert len(result.candidates) == 1_500


def test_an_address_that_everybody_has_costs_no_square() -> None:
    people = pd.DataFrame(
        {"person_id": [f"p{number}" for number in range(5_000)], "primary_email": "a@x.test"}
    )
    members = pd.DataFrame({"member_id": [f"m{number}" for number in range(3_000)], "email": "a@x.test"})
    found = match_people(members, people)

    assert set(found.outcomes["reason"]) == {"ambiguous_address"}
    assert set(found.candidates.groupby("member_id").size()) == {5}


def test_a_person_with_200_000_aliases_is_explained_to_a_thousand_members_in_no_time() -> None:
    aliases = [[f"a{number}@x.test" for number in range(200_000)], []]
    people = pd.DataFrame(
        {"person_id": ["ana", "bo"], "display_name": ["Ana Silva", "Bo Li"], "aliases": aliases}
    )
    members = pd.DataFrame({"member_id": [f"m{number}" for number in range(1_000)]})
    members["email"] = [f"a{number}@x.test" for number in range(1_000)]
    found = match_people(members, people)

    assert set(found.outcomes["reason"]) == {"taken"}
    addresses = found.evidence[found.evidence["field"] == "email"]
    assert (addresses["member_value"] == addresses["person_value"]).all()
