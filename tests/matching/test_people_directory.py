"""A directory is made ready once for all hubs that share it, and nothing comes out otherwise for that."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deployments.sandbox.labelled import labelled
from matching.people.directory import digest, directory, forget
from matching.people.link import Matched, Policy, match_people

POLICY = Policy(auto_match_by_name="always")
PERSONAL = ("given_name", "family_name", "display_name", "primary_email", "user_name", "status", "kind")
NAMES = ("Ana Silva", "Silva, Ana", "Bill", "O", "Łukasz Żak", "王伟", "", "José de la Cruz (Acme)")
MARKS = st.text(st.sampled_from("a\x1e\x1f'\n\ud800"), max_size=3)
VALUES = st.one_of(st.none(), MARKS, st.integers(0, 2), st.booleans())


@pytest.fixture(scope="module")
def company() -> tuple[pd.DataFrame, pd.DataFrame]:
    made = labelled(seed=3, people=120, members=50)
    return pd.DataFrame(made.members), pd.DataFrame(made.directory)


def match(members: pd.DataFrame, people: pd.DataFrame) -> Matched:
    return match_people(members, people, policy=POLICY)


def assert_same(one: Matched, other: Matched) -> None:
    for name in ("outcomes", "candidates", "evidence"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_exact=True)


edits = st.lists(
    st.tuples(
        st.sampled_from((*PERSONAL, "aliases", "leaves", "joins", "member", "nothing")),
        st.integers(0, 10_000),
        st.sampled_from(NAMES),
    ),
    min_size=1,
    max_size=4,
)


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


def edit(
    members: pd.DataFrame, people: pd.DataFrame, what: str, at: int, text: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return both with one thing changed; the frames that were given stay as they are."""
    one = at % len(people)
    if what == "leaves":
        return members, people.drop(index=people.index[one]).reset_index(drop=True)
    if what == "joins":
        newcomer = people.iloc[[one]].assign(person_id=f"new {at} {len(people)}", display_name=text)
        return members, pd.concat([people, newcomer], ignore_index=True)
    if what == "member":
        written = members["name"].where(members.index != at % len(members), text)
        return members.assign(name=written), people
    if what == "aliases":
        lists = [
            ([f"{text}@x.example"] if place == one else own) for place, own in enumerate(people["aliases"])
        ]
        return members, people.assign(aliases=pd.Series(lists, dtype="object"))
    if what == "nothing":
        return members, people
    return members, people.assign(**{what: people[what].where(people.index != people.index[one], text)})


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
    with directory(people) as con:
        before = con.execute(tables).fetchall()
    match(members, people)
    with directory(people) as con:
        assert con.execute(tables).fetchall() == before


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
