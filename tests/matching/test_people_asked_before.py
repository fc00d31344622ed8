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

POLICY = Policy(auto_match_by_name="always", auto_match_posterior=0.5)


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


def said(day: Asked, kind: str, member: str, person: str, evidence: str | None = None) -> Asked:
    one = {"kind": kind, "member_id": member, "person_id": person, "evidence": evidence}
    return replace(day, decisions=pd.concat([day.decisions, pd.DataFrame([one])]))


def linked(day: Asked, member: str, person: str, rule: str) -> Asked:
    one = {"member_id": member, "person_id": person, "rule": rule}
    return replace(day, links=pd.concat([day.links, pd.DataFrame([one])]))


def written(day: Asked, member: str, **values: str | None) -> Asked:
    """Return the day after a member's name or address has become this; a new member has no other."""
    known = day.members.set_index("member_id").astype("object")
    for column, value in values.items():
        known.loc[member, column] = value
    return replace(day, members=known.reset_index())


def of_person(day: Asked, person: str, **values: object) -> Asked:
    people = day.people.copy()
    for column, value in values.items():
        people.at[people.index[people["person_id"] == person][0], column] = value
    return replace(day, people=people)


def with_old_domain(day: Asked, *locals_: str) -> Asked:
    """Return the day with members who write from a domain that nobody has: of three it was ours."""
    for place, local in enumerate(locals_):
        day = written(day, f"old{place}", name=f"Member {place}", email=f"{local}@old.example")
    return day


def small() -> Asked:
    """Return a company in which whatever changes concerns somebody: namesakes, and few addresses."""
    names = [
        (given, family)
        for family in ("Silva", "Silvera", "Novak")
        for given in ("Ana", "Anna", "Bill", "Tom")
    ]
    people = pd.DataFrame(
        {
            "person_id": [f"p{place:02}" for place in range(len(names))],
            "given_name": [given for given, _ in names],
            "family_name": [family for _, family in names],
            "primary_email": [f"{given}.{family}@acme.example".lower() for given, family in names],
            "by_name": True,
        }
    )
    people["aliases"] = pd.Series([[] for _ in people.index], dtype="object")
    members = pd.DataFrame(
        {
            "member_id": ["m0", "m1", "m2", "m3"],
            "name": ["Ana Silva", "Shop", "Bill Novak", "Tom Silvera"],
            "email": [None, "annasilva@gmail.com", "bill.novak@acme.example", "tom@else.example"],
        }
    )
    links = pd.DataFrame(columns=["member_id", "person_id", "rule"])
    return Asked(members, people, links, pd.DataFrame(columns=["kind", "member_id", "person_id", "evidence"]))


SMALL = small()
TWO_OF_OLD = with_old_domain(SMALL, "ana.silva", "anna.silvera")
BEFALLS = {
    "another name": (SMALL, written(SMALL, "m0", name="Bill Silvera")),
    "another address": (SMALL, written(SMALL, "m1", email="tomnovak@gmail.com")),
    "somebody arrives": (SMALL, written(SMALL, "new", name="Anna Silvera", email=None)),
    "somebody goes": (SMALL, replace(SMALL, members=SMALL.members[1:])),
    "a third writes from a domain: it was ours": (
        TWO_OF_OLD, with_old_domain(SMALL, "ana.silva", "anna.silvera", "tom.novak")
    ),
    "the address speaks against an earlier link": (SMALL, linked(SMALL, "m2", "p01", "exact_address")),
    "it speaks against another one": (
        linked(SMALL, "m2", "p01", "exact_address"),
        linked(SMALL, "m2", "p02", "exact_address"),
    ),
    "linked by name to whom nobody would think of": (SMALL, linked(SMALL, "m0", "p11", "name")),
    "that link is gone": (linked(SMALL, "m0", "p11", "name"), SMALL),
    "rejected": (SMALL, said(SMALL, "reject", "m0", "p00")),
    "rejected on other grounds": (SMALL, said(SMALL, "reject", "m0", "p00", "of old")),
    "somebody else has that seat": (SMALL, said(SMALL, "link", "m1", "p00")),
    "a domain is ours": (SMALL, replace(SMALL, own=("else.example",))),
    "an alias": (SMALL, of_person(SMALL, "p07", aliases=["tom@else.example"])),
    "an alias elsewhere": (SMALL, of_person(SMALL, "p03", aliases=["shop@else.example"])),
    "a namesake": (SMALL, of_person(SMALL, "p01", given_name="Ana")),
    "may not be linked by name any more": (SMALL, of_person(SMALL, "p00", by_name=False)),
}  # fmt: skip


@pytest.mark.parametrize("what", BEFALLS)
def test_whatever_befalls_the_answers_are_those_of_a_full_run(what: str) -> None:
    before, after = BEFALLS[what]
    known = before.match(Weighed())
    full = after.match()

    assert_same(after.match(known.weighed), full)
    assert not all(
        getattr(known, name).equals(getattr(full, name)) for name in ("outcomes", "candidates", "evidence")
    ), "nothing came out otherwise: this says nothing"


@pytest.mark.thorough
@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(list(BEFALLS)), min_size=2, max_size=3))
def test_one_thing_after_another_may_befall(days: Sequence[str]) -> None:
    known = Weighed()
    for what in days:
        for day in BEFALLS[what]:
            found = day.match(known)
            assert_same(found, day.match())
            known = found.weighed


@pytest.fixture(scope="module")
def day() -> Asked:
    members, people = a_company()
    return Asked(members, people, SMALL.links, SMALL.decisions)


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
