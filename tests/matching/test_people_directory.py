"""A directory is made ready once for all hubs that share it, and nothing comes out otherwise for that."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.people.directory import digest, directory, forget, texts_of
from matching.people.link import Matched, Policy, match_people
from tests.matching.company_edits import a_company, assert_same, edit, edits

POLICY = Policy(auto_match_by_name="always")
MARKS = st.text(st.sampled_from("a\x1e\x1f'\n\ud800"), max_size=3)
VALUES = st.one_of(st.none(), MARKS, st.integers(0, 2), st.booleans())


@pytest.fixture(scope="module")
def company() -> tuple[pd.DataFrame, pd.DataFrame]:
    return a_company()


def match(members: pd.DataFrame, people: pd.DataFrame) -> Matched:
    return match_people(members, people, policy=POLICY)


@settings(max_examples=3, deadline=None)
@given(edits)
def test_after_any_edits_the_result_is_that_of_a_process_that_has_seen_nothing_before(
    company: tuple[pd.DataFrame, pd.DataFrame], changes: Sequence[tuple[str, int, str]]
) -> None:
    members, people = company
    match(members, people)
    for what, at, text in changes:
        members, people = edit(members, people, what, at, text)
        warm = match(members, people)
        again = match(members, people)
        forget()
        assert_same(warm, match(members, people))
        assert_same(again, warm)


def test_hubs_that_share_a_directory_don_t_see_each_other(company: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    members, people = company
    hubs = [members.iloc[start::5] for start in range(5)]
    alone = []
    for hub in hubs:
        forget()
        alone.append(match(hub, people))

    with ThreadPoolExecutor(5) as pool:
        together = list(pool.map(lambda hub: match(hub, people.copy()), [*hubs, *hubs]))

    for one, other in zip([*alone, *alone], together, strict=True):
        assert_same(one, other)


def test_a_match_leaves_nothing_behind_in_what_is_kept(company: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    members, people = company
    tables = "select table_name, estimated_size from duckdb_tables() order by table_name"
    with directory(texts_of(people)) as opened:
        opened.read_names()
        before = opened.con.execute(tables).fetchall()
    match(members, people)
    with directory(texts_of(people)) as opened:
        assert opened.con.execute(tables).fetchall() == before


def test_ids_that_come_twice_are_refused_every_time(company: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    members, people = company
    for _ in range(2):
        with pytest.raises(ValueError, match="person_id comes more than once"):
            match(members, pd.concat([people, people.head(1)]))


@settings(max_examples=200, deadline=None)
@given(st.lists(VALUES, max_size=4), st.lists(VALUES, max_size=4))
def test_two_columns_have_one_digest_only_if_they_hold_the_same(
    left: list[object], right: list[object]
) -> None:
    """Also where a value is one of the marks between values, or stands for a null."""
    digests = [digest(pd.DataFrame({"x": pd.Series(values, dtype="object")})) for values in (left, right)]
    told = [[(type(value), value) for value in values] for values in (left, right)]

    assert (digests[0] == digests[1]) == (told[0] == told[1])
