"""Laws of matching: what must hold whatever the members and the people are."""

import pandas as pd
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from matching.people.link import Matched, Policy, match_people

# Few names and few addresses, so that namesakes, shared addresses and rivals come up all the time.
GIVEN = ("Ana", "Anna", "Max", "José", "伟", "A.", "")
FAMILY = ("Silva", "Silvah", "Müller", "王", "da Silva", "")
ADDRESSES = (
    "ana@x.example",
    "ANA@x.example ",
    "silva@x.example",
    "ana+1@x.example",
    "ana@gmail.com",
    "ana",
    None,
)

names = st.builds("{} {}".format, st.sampled_from(GIVEN), st.sampled_from(FAMILY))
addresses = st.sampled_from(ADDRESSES)
members = st.lists(st.fixed_dictionaries({"name": names, "email": addresses}), max_size=6).map(
    lambda rows: pd.DataFrame(rows, columns=["name", "email"]).assign(
        member_id=[f"m{n}" for n in range(len(rows))]
    )
)
persons = st.fixed_dictionaries(
    {
        "given_name": st.sampled_from(GIVEN), "family_name": st.sampled_from(FAMILY),
        "primary_email": addresses, "user_name": addresses, "aliases": st.lists(addresses, max_size=2),
        "kind": st.sampled_from(["employee", "guest"]),
    }
)  # fmt: skip
people = st.lists(persons, max_size=6).map(
    lambda rows: pd.DataFrame(
        rows, columns=["given_name", "family_name", "primary_email", "user_name", "aliases", "kind"]
    ).assign(person_id=[f"p{n}" for n in range(len(rows))])
)
seeds = st.integers(0, 2**16)
# A match takes a tenth of a second, whatever its size: few examples, and no minutes of shrinking in CI.
few = settings(max_examples=5, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])


def shuffled(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    return frame.sample(frac=1, random_state=seed)


def links(result: Matched) -> dict[str, str]:
    matched = result.outcomes[result.outcomes["outcome"] == "matched"]
    return dict(zip(matched["member_id"], matched["person_id"], strict=True))


@few
@given(members, people, seeds)
def test_the_order_of_the_rows_changes_nothing(
    members: pd.DataFrame, people: pd.DataFrame, seed: int
) -> None:
    one, other = (
        match_people(members, people),
        match_people(shuffled(members, seed), shuffled(people, seed + 1)),
    )

    for frame in ("outcomes", "candidates", "evidence"):
        assert_frame_equal(getattr(one, frame), getattr(other, frame))


@few
@given(members, people)
def test_nobody_gets_two_seats_and_every_member_one_verdict(
    members: pd.DataFrame, people: pd.DataFrame
) -> None:
    result = match_people(members, people)

    assert result.outcomes["member_id"].tolist() == sorted(members["member_id"])
    assert len(set(links(result).values())) == len(links(result))
    assert result.candidates.groupby("member_id").size().le(5).all()
    assert not result.candidates.duplicated(["member_id", "person_id"]).any()


@few
@given(members, people, persons)
def test_one_more_person_never_turns_a_match_into_another(
    members: pd.DataFrame, people: pd.DataFrame, newcomer: dict[str, object]
) -> None:
    # His addresses are nobody's here; his name may be anybody's.
    newcomer |= {"person_id": "q", "primary_email": "q@q.example", "user_name": "q", "aliases": []}
    before = links(match_people(members, people))

    after = links(match_people(members, pd.concat([people, pd.DataFrame([newcomer])], ignore_index=True)))

    assert all(after.get(member, person) == person for member, person in before.items())


@few
@given(members, people, st.floats(0, 1), st.floats(0, 1))
def test_raising_a_floor_never_adds_a_link_or_a_review(
    members: pd.DataFrame, people: pd.DataFrame, low: float, high: float
) -> None:
    low, high = sorted((low, high))
    loose = match_people(members, people, policy=Policy(auto_match_posterior=low, review_floor=low))
    strict = match_people(members, people, policy=Policy(auto_match_posterior=high, review_floor=high))

    assert links(strict).items() <= links(loose).items()
    reviewed = [set(r.outcomes[r.outcomes["outcome"] == "review"]["member_id"]) for r in (loose, strict)]
    assert reviewed[1] <= reviewed[0]


@few
@given(members, people)
def test_yesterdays_links_are_kept_when_nothing_changed(members: pd.DataFrame, people: pd.DataFrame) -> None:
    before = links(match_people(members, people))
    earlier = pd.DataFrame(list(before.items()), columns=["member_id", "person_id"], dtype="str")

    assert before.items() <= links(match_people(members, people, earlier_links=earlier)).items()
