"""Who is asked about again as before gets the same answer as if nothing had been known, and isn't weighed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.people.asked_before import Weighed
from matching.people.link import Matched, Policy, match_people
from tests.matching.company_edits import a_company, assert_same

POLICY = Policy(auto_match_by_name="always")


@dataclass(frozen=True)
class Asked:
    """Everything that a match is given."""

    members: pd.DataFrame
    people: pd.DataFrame
    links: pd.DataFrame
    decisions: pd.DataFrame
    own: tuple[str, ...] = ()

    def match(self, before: Weighed | None = None) -> Matched:
        return match_people(
            self.members,
            self.people,
            policy=POLICY,
            own_domains=self.own,
            earlier_links=self.links,
            decisions=self.decisions,
            before=before,
        )


GIVEN, FAMILY = ("Ana", "Anna", "Bill", "Tomás"), ("Silva", "Silvera", "Novak")
WRITTEN = (
    "ana.silva@acme.example", "asilva@gmail.com", "bill@old.example", "tomas.novak@acme.example",
    "bill@else.example", "b.silva@gmail.com", None,
)  # fmt: skip


def a_small_day() -> Asked:
    """Return a company in which everything that changes concerns somebody: namesakes, and few addresses."""
    names = [(given, family) for family in FAMILY for given in GIVEN]
    people = pd.DataFrame(
        {
            "person_id": [f"p{place:02}" for place in range(len(names))],
            "given_name": [given for given, _ in names],
            "family_name": [family for _, family in names],
            "primary_email": [f"{given}.{family}@acme.example".lower() for given, family in names],
            "by_name": True,
        }
    )
    people["aliases"] = pd.Series([["bill@else.example"] if place == 6 else [] for place in people.index])
    members = pd.DataFrame(
        {
            "member_id": [f"m{place}" for place in range(6)],
            "name": ["Ana Silva", "Anna Silva", "Bill Silvera", "Tomas Novak", "Bill", "asilva"],
            "email": [None, *WRITTEN[1:5], "shop@gmail.com"],
        }
    )
    return Asked(members, people, *nothing_said())


def nothing_said() -> tuple[pd.DataFrame, pd.DataFrame]:
    links = pd.DataFrame(columns=["member_id", "person_id", "rule"])
    return links, pd.DataFrame(columns=["kind", "member_id", "person_id", "evidence"])


@pytest.fixture(scope="module")
def day() -> Asked:
    members, people = a_company()
    return Asked(members, people, *nothing_said())


befallen = st.tuples(
    st.sampled_from(("said", "linked", "own", "member", "person")),
    st.sampled_from(("one", "other", "none")),
    st.integers(0, 5),
    st.integers(0, 11),
    st.sampled_from(WRITTEN),
)


@settings(max_examples=30, deadline=None)
@given(st.lists(befallen, min_size=1, max_size=4))
def test_whatever_befalls_the_answers_are_those_of_a_full_run(
    changes: Sequence[tuple[str, int, int, str | None]],
) -> None:
    day = a_small_day()
    known = day.match(Weighed()).weighed
    for change in changes:
        day = befall(day, *change)
        found = day.match(known)
        assert_same(found, day.match())
        known = found.weighed


def befall(day: Asked, what: str, how: str, one: int, other: int, text: str | None) -> Asked:
    """Return the day after one thing has changed about a member, a person, or what was said of both."""
    member, person = f"m{one}", day.people["person_id"].iloc[other]
    pair = pd.DataFrame({"member_id": [member], "person_id": [person]})
    name = f"{GIVEN[other % 4]} {FAMILY[other % 3]}"
    if what == "own":
        return replace(day, own=("else.example", "gmail.com")[: other % 3])
    if what == "linked":
        others = day.links[day.links["member_id"] != member]
        link = pair.assign(rule="name" if how == "one" else "exact_address")
        return replace(day, links=others if how == "none" else pd.concat([others, link]))
    if what == "said":
        others = day.decisions[day.decisions["member_id"] != member]
        said = pair.assign(kind="link" if how == "one" else "reject", evidence=text)
        return replace(day, decisions=others if how == "none" else pd.concat([others, said]))
    if what == "member":
        others = day.members[day.members["member_id"] != member]
        anew = pd.DataFrame({"member_id": [member], "name": [name], "email": [text]})
        return replace(day, members=others if how == "none" else pd.concat([others, anew], ignore_index=True))
    return replace(day, people=with_another(day.people, person, how, name, text))


def with_another(people: pd.DataFrame, person: str, how: str, name: str, text: str | None) -> pd.DataFrame:
    """Return the people after one of them was renamed, got another alias, or left."""
    of_person = people["person_id"] == person
    if how == "one":
        return people.assign(given_name=people["given_name"].mask(of_person, name))
    if how == "other":
        pairs = zip(of_person, people["aliases"], strict=True)
        lists = [[text] if is_it and text else own for is_it, own in pairs]
        return people.assign(aliases=pd.Series(lists, index=people.index))
    return people.assign(by_name=people["by_name"] & ~of_person)


def test_only_who_is_new_or_has_changed_is_weighed(day: Asked) -> None:
    first = day.match(Weighed())
    again = day.match(first.weighed)
    asked = first.outcomes["member_id"][first.outcomes["outcome"] == "review"].iloc[0]
    names = day.members["name"].mask(day.members["member_id"] == asked, "Ana Silva")
    renamed = replace(day, members=day.members.assign(name=names))

    assert first.asked_anew > 10
    assert again.asked_anew == 0
    pd.testing.assert_frame_equal(again.weighed.rows, first.weighed.rows, check_exact=True)
    assert renamed.match(again.weighed).asked_anew == 1


def test_who_leaves_the_company_changes_nobodys_bits(day: Asked) -> None:
    """That somebody may not be linked by name any more is decided after the weighing."""
    active = replace(day, people=day.people.assign(by_name=True))
    left = replace(day, people=day.people.assign(by_name=day.people.index != 0))
    known = active.match(Weighed()).weighed

    found = left.match(known)

    assert found.asked_anew == 0
    assert_same(found, left.match())


def test_with_another_directory_everybody_is_weighed(day: Asked) -> None:
    known = day.match(Weighed())
    newcomer = day.people.head(1).assign(person_id="new", given_name="Bill")
    joined = replace(day, people=pd.concat([day.people, newcomer], ignore_index=True))

    assert joined.match(known.weighed).asked_anew == known.asked_anew


def test_what_is_remembered_names_nobody(day: Asked) -> None:
    known = day.match(Weighed()).weighed
    texts = known.rows.select_dtypes(exclude=["number", "bool"])

    assert list(texts.columns) == ["question"]
    assert known.rows["question"].str.fullmatch("[0-9a-f]{64}").all()


def test_without_anything_to_remember_nothing_is_kept(day: Asked) -> None:
    assert day.match().weighed.rows.empty


def test_who_is_not_asked_about_any_more_is_forgotten(day: Asked) -> None:
    known = day.match(Weighed()).weighed
    few = replace(day, members=day.members.iloc[:5])

    assert set(few.match(known).weighed.rows["question"]) < set(known.rows["question"])
