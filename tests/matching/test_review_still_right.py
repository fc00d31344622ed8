"""What is asked for is judged together, by fresh facts, in hubs of every size."""

from collections.abc import Sequence
from random import Random
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.review.asked import DO, DONT, Asked
from matching.review.budget import most_revokes
from matching.review.still_right import Facts, Together
from matching.review.wanted import Wanted
from matching.roster.proposals import Ground

GROUND = Ground("acme", 2, (), (), (), frozenset(), partners_unseen=False)
PAGES = 8


def _seats(size: int, admins: int) -> pd.DataFrame:
    """Every one an active employee, the first ones with Full control."""
    ids = [str(number) for number in range(1, size + 1)]
    return pd.DataFrame(
        {
            "kind": "user",
            "member_id": ids,
            "role": ["ADMIN" if number < admins else "EMPLOYEE" for number in range(size)],
            "status": None,
            "email": [f"p{one}@acme.example" for one in ids],
            "person_id": [f"person-{one}" for one in ids],
            "person_kind": "employee",
            "person_status": "active",
            "tab": "onboarded",
            "is_exempted": False,
        }
    )


def _rights(holders: dict[str, list[str]]) -> pd.DataFrame:
    rows = [
        ("acme", "user", member, "page", page, f"Page {page}", ["MANAGE"], True)
        for page, members in holders.items()
        for member in members
    ]
    names = ["hub", "member_kind", "member_id", "asset_kind", "asset_id", "asset_name", "tasks", "controls"]
    return pd.DataFrame(rows, columns=names)


def _asked(kind: str, member: str, *, role: str = "EMPLOYEE", page: str = "", to: str = "") -> Asked:
    grants = (("page", page, ("MANAGE",)),) if page else ()
    return Asked(
        id=f"{kind}-{member}-{page}",
        subject="s",
        evidence="e",
        kind=kind,
        stay=f"user:{member}",
        member_kind="user",
        member_id=member,
        role=role,
        persons=(),
        needs=1,
        base="s",
        options=(DO, DONT),
        recommended="",
        wanted=Wanted(kind, "ana", role=to, grants=grants),
    )


def _gone(batch: Sequence[Asked], facts: Facts) -> list[Asked]:
    together = Together(batch, facts)
    persons = {f"person-{one.member_id}" for one in batch}
    return [one for one in batch if together.still_right(one, "", persons)[0] == "go"]


def _world(size: int, seed: int) -> tuple[Facts, dict[str, list[str]], list[Asked]]:
    """Return facts, who controls which Page, and a batch of removals, demotions and revokes at random."""
    dice = Random(seed)  # noqa: S311, a draw that can be repeated
    admins = dice.randint(1, max(2, min(size, 6)))
    ids = [str(number) for number in range(1, size + 1)]
    holders = {str(page): dice.sample(ids, dice.randint(1, min(3, size))) for page in range(1, PAGES + 1)}
    batch: dict[str, Asked] = {}
    for one in dice.sample(ids, min(size, 40)):
        role = "ADMIN" if int(one) <= admins else "EMPLOYEE"
        batch[f"r{one}"] = (
            _asked("set_role", one, role=role, to="EMPLOYEE")
            if role == "ADMIN" and dice.random() < 0.5
            else _asked("remove_member", one, role=role)
        )
    for page, members in holders.items():
        if dice.random() < 0.5:
            batch[f"p{page}"] = _asked("revoke", members[0], page=page)
    rights = _rights(holders)
    controllers = rights.assign(has_left=False)
    assets = {("page", page) for page in holders}
    return Facts(_seats(size, admins), rights, controllers, assets, GROUND), holders, list(batch.values())


def _hold(size: int, seed: int) -> None:
    facts, holders, batch = _world(size, seed)

    went = _gone(batch, facts)

    removed = {one.member_id for one in went if one.kind == "remove_member"}
    demoted = {one.member_id for one in went if one.kind == "set_role"}
    admins = set(facts.seats[facts.seats["role"] == "ADMIN"]["member_id"])
    if admins & (removed | demoted):
        assert len(admins - removed - demoted) >= GROUND.min_admins
    revoked = {
        (one.wanted.grants[0][1], one.member_id) for one in went if one.kind == "revoke" and one.wanted
    }
    for page, members in holders.items():
        assert [one for one in members if one not in removed and (page, one) not in revoked]


@given(size=st.sampled_from([5, 12, 40]), seed=st.integers(0, 10**6))
def test_whatever_is_done_together_somebody_stays_in_control(size: int, seed: int) -> None:
    _hold(size, seed)


@pytest.mark.parametrize("seed", range(5))
def test_it_is_so_among_twelve_thousand(seed: int) -> None:
    _hold(12_000, seed)


def test_one_of_three_with_full_control_may_go_and_two_may_not() -> None:
    facts = Facts(_seats(5, 3), _rights({}), _rights({}).assign(has_left=False), set(), GROUND)
    one = _asked("remove_member", "1", role="ADMIN")
    two = _asked("set_role", "2", role="ADMIN", to="EMPLOYEE")

    assert _gone([one], facts) == [one]
    assert _gone([one, two], facts) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"tab": "exempted", "is_exempted": True}, "exception"),
        ({"role": "DEVELOPER"}, "role is another"),
        ({"person_id": "person-9"}, "somebody else"),
        ({"member_id": "77"}, "not in the hub"),
    ],
)
def test_what_has_changed_since_it_was_asked_is_left_alone(change: dict[str, Any], told: str) -> None:
    seats = _seats(5, 3)
    for name, value in change.items():
        seats.loc[seats["email"] == "p5@acme.example", name] = value
    facts = Facts(seats, _rights({}), _rights({}).assign(has_left=False), set(), GROUND)
    asked = _asked("remove_member", "5")

    state, reason = Together([asked], facts).still_right(asked, "", {"person-5"})

    assert state in ("stale", "blocked")
    assert told in reason


def test_nothing_is_judged_by_a_listing_that_was_not_read_to_the_end() -> None:
    ground = Ground("acme", 2, ("business_users",), (), (), frozenset(), partners_unseen=False)
    facts = Facts(_seats(5, 3), _rights({}), _rights({}).assign(has_left=False), set(), ground)
    asked = _asked("remove_member", "5")

    assert Together([asked], facts).still_right(asked, "", {"person-5"}) == ("", "")


@pytest.mark.parametrize(("holders", "most"), [(0, 10), (40, 10), (60, 12), (12_000, 2_400)])
def test_a_fifth_of_the_grants_may_be_revoked_in_a_day_and_ten_at_least(holders: int, most: int) -> None:
    assert most_revokes(holders) == most
