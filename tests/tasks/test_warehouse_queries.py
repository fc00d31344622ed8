"""What others ask the warehouse."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from tasks.errors import WarehouseError
from tasks.warehouse import queries
from tasks.warehouse.conclude import conclude_check
from tasks.warehouse.connect import warehouse
from tasks.warehouse.load import HubFacts
from tests.tasks.check_folder import (
    ADS,
    ANA,
    BEN,
    BEN_READ,
    DAY,
    MANAGES,
    PERSON,
    SHOP,
    WORLD,
    directory,
    load,
    rows,
)

STAYS = pd.DataFrame({"stay_id": ["user:10", "user:11"], "kind": "user", "member_id": ["10", "11"]})
LINKS = pd.DataFrame(
    {
        "stay_id": ["user:10", "user:11"],
        "outcome": ["matched", "review"],
        "person_id": ["p1", "p2"],
        "rule": ["address", None],
        "posterior": [1.0, 0.4],
        "score": [50.0, -0.5],
        "reason": ["exact_address", "namesake"],
        "tab": ["onboarded", "unmatched"],
    }
)
CANDIDATES = pd.DataFrame(
    {"stay_id": ["user:11"], "rank": [1], "person_id": ["p2"], "posterior": [0.4], "score": [-0.5],
     "evidence": [[{"field": "name", "bits": 3.5}]]}
)  # fmt: skip


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse(tmp_path / "home" / "warehouse.duckdb") as connection:
        yield connection


def conclude(con, check_id: str, *, day: float = 0, complete: bool = True, stays=STAYS, links=LINKS) -> int:
    return conclude_check(
        con, hub="acme", check_id=check_id, started_at=DAY + timedelta(days=day),
        finished_at=DAY + timedelta(days=day, hours=1), complete=complete, baseline=day == 0, report_id="r",
        digest="d", stays=stays, links=links, candidates=CANDIDATES,
    )  # fmt: skip


def test_the_seats_of_a_hub_come_with_how_much_they_may_do_and_since_when(con, tmp_path) -> None:
    load(con, tmp_path)
    load(con, tmp_path, {**WORLD, "business_users": [{**ANA, "name": "Ana Diaz"}, BEN]}, day=1)

    found = queries.members(con, "acme").set_index("member_id")
    assert found.loc["10", ["name", "name_changed", "grants", "control_grants"]].tolist() == [
        "Ana Diaz",
        True,
        1,
        1,
    ]
    assert found.loc["10", "since"] == DAY + timedelta(days=1)
    assert found.loc["10", "first_seen_at"] == DAY
    assert found.loc["11", ["name_changed", "grants"]].tolist() == [False, 0]


def test_lists_come_back_as_lists_and_what_is_unknown_as_missing(con, tmp_path) -> None:
    load(con, tmp_path, directory=[directory({**PERSON, "aliases": ["a@x.example"]}, {"person_id": "p2"})])
    found = queries.people(con).set_index("person_id")
    assert found.loc["p1", "aliases"] == ["a@x.example"]
    assert found.loc["p2", "aliases"] is None
    assert pd.isna(found.loc["p2", "user_name"])


def test_what_a_check_concluded_is_kept_and_an_unchanged_one_writes_nothing(con, tmp_path) -> None:
    load(con, tmp_path, check_id="c1")
    assert conclude(con, "c1") == 5
    load(con, tmp_path, check_id="c2", day=1)
    assert conclude(con, "c2", day=1) == 0

    found = queries.links(con, "acme").set_index("stay_id")
    assert found.loc["user:10", "person_id"] == "p1"
    assert pd.isna(found.loc["user:11", "person_id"])  # a person only where it is matched
    assert queries.candidates(con, "acme").evidence.tolist() == ['[{"field": "name", "bits": 3.5}]']
    assert rows(con, "select check_id, complete, baseline from checks order by 1") == [
        ("c1", True, True),
        ("c2", True, False),
    ]


def test_the_stay_and_link_of_a_seat_that_is_gone_can_still_be_asked_for(con, tmp_path) -> None:
    load(con, tmp_path, check_id="c1")
    conclude(con, "c1")
    load(con, tmp_path, {**WORLD, "business_users": [BEN]}, check_id="c2", day=1)
    conclude(con, "c2", day=1, stays=STAYS[1:], links=LINKS[1:])

    gone = queries.stays(con, "acme").set_index("member_id").loc["10"]
    assert (gone["stay_id"], gone["valid_to"]) == ("user:10", DAY + timedelta(days=1))
    assert queries.links(con, "acme").set_index("stay_id").loc["user:10", "person_id"] == "p1"


def test_a_check_that_was_never_loaded_can_not_be_concluded(con) -> None:
    with pytest.raises(WarehouseError, match="was not loaded"):
        conclude(con, "c1")


def test_a_check_that_a_later_one_overtook_concludes_nothing(con, tmp_path) -> None:
    load(con, tmp_path, check_id="c1")
    load(con, tmp_path, check_id="c2", day=1)
    conclude(con, "c2", day=1)
    assert conclude(con, "c1", stays=STAYS[:0], links=LINKS[:0]) == 0
    assert rows(con, "select count(*) from stays where valid_to is null") == [(2,)]


def test_the_last_complete_check_is_one_that_finished(con, tmp_path) -> None:
    assert queries.last_complete(con, "acme") is None
    load(con, tmp_path, check_id="c1")
    assert queries.last_complete(con, "acme") is None
    conclude(con, "c1")
    load(con, tmp_path, check_id="c2", day=1)
    conclude(con, "c2", day=1, complete=False)
    assert queries.last_complete(con, "acme") == DAY
    hubs = queries.hub_list(con)
    assert hubs[["hub", "members", "last_check_at", "last_complete_at"]].iloc[0].tolist() == [
        "acme", 2, DAY + timedelta(days=1), DAY,
    ]  # fmt: skip


def test_the_last_accepted_read_is_not_a_refused_one(con, tmp_path) -> None:
    assert queries.last_accepted(con, "people.csv") is None
    load(con, tmp_path, directory=[directory(PERSON)])
    load(con, tmp_path, day=1, directory=[directory(day=1, accepted=False)])
    last = queries.last_accepted(con, "people.csv")
    assert last is not None
    assert (last.people, last.read_at) == (1, DAY)


def test_the_first_read_refused_for_a_reason_is_one_since_the_last_accepted(con, tmp_path) -> None:
    """By the order of the checks: a read of a year ahead, when the clock was wrong, hides none of now."""
    refused = {"accepted": False}
    load(con, tmp_path, day=0, directory=[directory(day=0, **refused)])
    load(con, tmp_path, day=1, directory=[directory(PERSON, day=365)])
    assert queries.first_refused(con, "people.csv", "empty") is None
    load(con, tmp_path, day=2, directory=[directory(day=2, **refused)])
    load(con, tmp_path, day=3, directory=[directory(day=3, **refused)])
    at = DAY + timedelta(days=2)
    assert queries.first_refused(con, "people.csv", "emp") == (at, at)
    assert queries.first_refused(con, "people.csv", "slipped") is None
    assert queries.first_refused(con, "guests.csv", "empty") is None


def test_how_people_are_called_leaves_out_who_is_missing(con, tmp_path) -> None:
    load(con, tmp_path, directory=[directory(PERSON, {"person_id": "p2", "display_name": "Ben"})])
    load(con, tmp_path, day=1, directory=[directory(PERSON, day=1)])
    assert queries.called(con, "people.csv")["person_id"].tolist() == ["p1"]


def test_control_is_seen_over_all_hubs_and_only_where_it_is_full(con, tmp_path) -> None:
    umbra = HubFacts("umbra", "9", "https://graph.test", "2", "password")
    lesser = {**MANAGES, "member_id": "11", "tasks": ["ADVERTISE", "PROFILE_PLUS_MANAGE"]}
    load(con, tmp_path, {**WORLD, "assigned_pages": [MANAGES, lesser]})
    full = {**MANAGES, "member_id": "11", "tasks": ["PROFILE_PLUS_FULL_CONTROL"]}
    load(con, tmp_path, {"business_users": [BEN], "assigned_pages": [full], "client_pages": [SHOP],
                         "assigned_pages.read": [BEN_READ]}, hub=umbra)  # fmt: skip

    found = queries.controllers(
        con, pd.DataFrame({"asset_kind": ["page", "page"], "asset_id": ["100", "100"]})
    )
    assert found[["hub", "member_id"]].to_numpy().tolist() == [["acme", "10"], ["umbra", "11"]]


def test_the_grants_of_some_members_say_what_each_is_about(con, tmp_path) -> None:
    shared = {**MANAGES, "member_id": "11", "id": "act_1", "tasks": ["ADVERTISE"]}
    load(con, tmp_path, {**WORLD, "assigned_ad_accounts": [shared]})
    asked = pd.DataFrame({"kind": ["user"], "member_id": ["11"]})
    (row,) = queries.grants_of(con, "acme", asked).to_dict("records")
    assert (row["asset_id"], row["asset_name"], row["tasks"]) == ("act_1", ADS["name"], ["ADVERTISE"])
    assert (row["relation"], row["owner_business_id"], row["controls"]) == ("client", "9", False)
    assert queries.grants_of(con, "acme", asked[:0]).empty
