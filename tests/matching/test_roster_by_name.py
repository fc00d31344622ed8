"""For whom a name is enough."""

import pandas as pd
import pytest

from matching.people.link import Policy
from matching.roster.by_name import may_by_name, standing_links

PLAIN: dict[str, object] = {
    "stay_id": "s", "kind": "user", "role": "EMPLOYEE", "finance_permission": None, "managing_grants": 0,
    "name_changed": False,
}  # fmt: skip


@pytest.mark.parametrize(
    ("other", "may"),
    [
        ({}, True),
        ({"role": " employee"}, True),
        ({"role": "DEVELOPER"}, False),  # of what is not known to be little too much is thought
        ({"role": "MANAGE"}, False),
        ({"role": "PARTNER_CENTER_ADMIN"}, False),
        ({"role": "ADMIN"}, False),
        ({"role": " admin"}, False),
        ({"role": "FINANCE_EDITOR"}, False),
        ({"role": None}, False),  # unknown is not little
        ({"finance_permission": "ANALYST"}, False),
        ({"managing_grants": 1}, False),
        ({"name_changed": True}, False),
        ({"kind": "pending"}, False),
        ({"kind": "system"}, False),
    ],
)
def test_a_name_is_enough_only_where_nothing_depends_on_it(other: dict[str, object], may: bool) -> None:
    seats = pd.DataFrame([PLAIN | other])
    links = pd.DataFrame([{"stay_id": "s", "person_id": "p", "rule": "name"}])

    assert may_by_name(seats).tolist() == [may]
    kept = may or other == {"role": None}  # a role that Meta left out once takes nothing away
    assert standing(links, seats, ACTIVE) == {"never": 0, "low_privilege": int(kept), "always": 1}
    assert set(standing(links, seats, LEFT).values()) == {1}  # no leaver gets off the list so


ACTIVE = pd.DataFrame([{"person_id": "p", "status": "active"}])
LEFT = pd.DataFrame([{"person_id": "p", "status": "deprovisioned"}])


def standing(links: pd.DataFrame, seats: pd.DataFrame, people: pd.DataFrame) -> dict[str, int]:
    return {
        rule: len(standing_links(links, seats, people, Policy(auto_match_by_name=rule)))
        for rule in ("never", "low_privilege", "always")
    }


@pytest.mark.parametrize("rule", ["exact_address", "alias", "earlier_link", "decision"])
def test_a_link_by_anything_else_stands_whoever_it_is(rule: str) -> None:
    seats = pd.DataFrame([PLAIN | {"role": "ADMIN"}])
    links = pd.DataFrame([{"stay_id": "s", "person_id": "p", "rule": rule}])

    assert standing(links, seats, ACTIVE)["never"] == 1
