"""What changed between a time and now, each thing once."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from tasks.warehouse import queries
from tasks.warehouse.conclude import conclude_check
from tasks.warehouse.connect import warehouse
from tests.tasks.check_folder import (
    ANA,
    BEN,
    DAY,
    MANAGES,
    PERSON,
    SHOP,
    WORLD,
    directory,
    load,
)


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse(tmp_path / "home" / "warehouse.duckdb") as connection:
        yield connection


STAYS = pd.DataFrame({"stay_id": ["user:10"], "kind": "user", "member_id": ["10"]})
LINKS = STAYS[["stay_id"]].assign(outcome="matched", person_id="p1", tab="onboarded")


def test_nothing_done_is_no_change(con, tmp_path) -> None:
    load(con, tmp_path, directory=[directory(PERSON)])
    load(con, tmp_path, day=1, directory=[directory(PERSON, day=1)])
    changes = (queries.member_changes, queries.grant_changes, queries.asset_changes, queries.person_changes)
    assert [len(ask(con, "acme", DAY)) for ask in changes] == [0, 0, 0, 0]


def test_who_left_is_one_change_that_counts_the_grants(con, tmp_path) -> None:
    load(con, tmp_path)
    load(con, tmp_path, {**WORLD, "business_users": [BEN], "assigned_pages": []}, day=1)

    (gone,) = queries.member_changes(con, "acme", DAY).to_dict("records")
    assert (gone["member_id"], gone["was_there"], gone["is_there"]) == ("10", True, False)
    assert (gone["before_grants"], gone["after_grants"], gone["before_role"]) == (1, 0, "ADMIN")
    assert queries.grant_changes(con, "acme", DAY).empty


def test_an_asset_that_left_is_one_change_that_counts_the_grants(con, tmp_path) -> None:
    load(con, tmp_path)
    load(con, tmp_path, {**WORLD, "owned_pages": [], "assigned_pages": []}, day=1)

    (gone,) = queries.asset_changes(con, "acme", DAY).to_dict("records")
    assert (gone["asset_id"], gone["asset_name"], gone["before_relation"], gone["before_grants"]) == (
        "100", "Shop", "owned", 1,
    )  # fmt: skip
    assert not gone["is_there"]
    assert queries.grant_changes(con, "acme", DAY).empty


def test_a_changed_member_shows_before_and_after(con, tmp_path) -> None:
    load(con, tmp_path)
    load(con, tmp_path, {**WORLD, "business_users": [{**ANA, "role": "EMPLOYEE"}, BEN]}, day=1)
    (row,) = queries.member_changes(con, "acme", DAY).to_dict("records")
    assert (row["before_role"], row["after_role"], row["was_there"], row["is_there"]) == (
        "ADMIN", "EMPLOYEE", True, True,
    )  # fmt: skip


def test_what_changed_and_changed_back_is_no_change(con, tmp_path) -> None:
    load(con, tmp_path)
    load(con, tmp_path, {**WORLD, "business_users": [{**ANA, "role": "EMPLOYEE"}]}, day=1)
    load(con, tmp_path, day=2)
    assert queries.member_changes(con, "acme", DAY).empty


def test_grants_that_came_went_or_changed_show_their_tasks(con, tmp_path) -> None:
    load(con, tmp_path)
    bens = {**MANAGES, "member_id": "11", "tasks": ["ANALYZE"]}
    load(con, tmp_path, {**WORLD, "assigned_pages": [{**MANAGES, "tasks": ["ANALYZE"]}, bens]}, day=1)
    found = queries.grant_changes(con, "acme", DAY)
    assert found[["member_id", "asset_name", "before_tasks", "after_tasks"]].to_numpy().tolist() == [
        ["10", "Shop", ["ANALYZE", "MANAGE"], ["ANALYZE"]],
        ["11", "Shop", None, ["ANALYZE"]],
    ]


def test_what_an_unread_listing_could_have_shown_is_not_new_when_it_is_read(con, tmp_path) -> None:
    catalog = {"id": "300", "name": "Catalog"}
    skipped = {"owned_product_catalogs": (), "assigned_product_catalogs": ()}
    load(con, tmp_path, incomplete=skipped, without=[*skipped, "assigned_product_catalogs.read"])
    world = {
        **WORLD,
        "owned_product_catalogs": [catalog],
        "owned_pages": [SHOP, {"id": "101", "name": "New"}],
    }
    load(con, tmp_path, world, day=1)
    assert queries.asset_changes(con, "acme", DAY).asset_id.tolist() == ["101"]


def test_a_person_who_left_concerns_a_hub_when_a_seat_is_linked(con, tmp_path) -> None:
    other = {**PERSON, "person_id": "p2"}
    load(con, tmp_path, check_id="c1", directory=[directory(PERSON, other)])
    conclude_check(
        con, hub="acme", check_id="c1", started_at=DAY, finished_at=DAY, complete=True, baseline=True,
        report_id="r", digest="d", stays=STAYS, links=LINKS, candidates=pd.DataFrame(),
    )  # fmt: skip
    left = [{**p, "status": "deprovisioned"} for p in (PERSON, other)]
    load(con, tmp_path, day=1, directory=[directory(*left, day=1)])
    found = queries.person_changes(con, "acme", DAY)
    assert found[["person_id", "before_status", "after_status", "is_linked"]].to_numpy().tolist() == [
        ["p1", "active", "deprovisioned", True],
        ["p2", "active", "deprovisioned", False],
    ]
