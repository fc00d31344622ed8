"""What a check folder does to assets, over all hubs, and to partners."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from tasks.warehouse.connect import warehouse
from tasks.warehouse.load import HubFacts
from tests.tasks.check_folder import ADS, DAY, MANAGES, WORLD, load, rows


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse(tmp_path / "home" / "warehouse.duckdb") as connection:
        yield connection


def test_an_asset_known_only_through_a_grant_is_seen_and_goes_with_the_grant(con, tmp_path) -> None:
    other = {**MANAGES, "id": "200", "name": "Elsewhere"}
    load(con, tmp_path, {**WORLD, "assigned_pages": [MANAGES, other]})
    assert rows(con, "select relation from hub_assets where asset_id = '200'") == [("seen",)]
    assert rows(con, "select name from assets where asset_id = '200'") == [("Elsewhere",)]

    load(con, tmp_path, day=1)
    assert rows(con, "select count(*) from hub_assets where asset_id = '200' and valid_to is null") == [(0,)]
    assert rows(con, "select count(*) from assets where asset_id = '200' and valid_to is null") == [(0,)]


def test_a_seen_asset_stays_while_a_listing_that_could_show_it_is_incomplete(con, tmp_path) -> None:
    other = {**MANAGES, "id": "200", "name": "Elsewhere"}
    load(con, tmp_path, {**WORLD, "assigned_pages": [MANAGES, other]})
    load(con, tmp_path, day=1, incomplete={"client_pages": ()})
    assert rows(con, "select relation from hub_assets where asset_id = '200' and valid_to is null") == [
        ("seen",)
    ]


def test_an_owned_page_stays_owned_when_its_listing_failed_and_only_a_grant_shows_it(con, tmp_path) -> None:
    load(con, tmp_path)
    load(
        con,
        tmp_path,
        {**WORLD, "owned_pages": []},
        day=1,
        incomplete={"owned_pages": ()},
        without=["owned_pages"],
    )
    assert rows(con, "select relation, valid_to from hub_assets where asset_id = '100'") == [("owned", None)]


def test_an_asset_stays_open_while_another_hub_still_sees_it(con, tmp_path) -> None:
    umbra = HubFacts("umbra", "9", "https://graph.test", "2", "password")
    load(con, tmp_path)
    load(con, tmp_path, {"owned_ad_accounts": [ADS]}, hub=umbra)
    load(con, tmp_path, {**WORLD, "client_ad_accounts": []}, day=1)

    assert rows(
        con, "select hub, relation from hub_assets where asset_id = 'act_1' and valid_to is null"
    ) == [("umbra", "owned")]
    assert rows(con, "select valid_to from assets where asset_id = 'act_1'") == [(None,)]
    load(con, tmp_path, {}, hub=umbra, day=2)
    assert rows(con, "select valid_to from assets where asset_id = 'act_1'") == [(DAY + timedelta(days=2),)]


def test_partners_close_per_edge(con, tmp_path) -> None:
    world = {**WORLD, "agencies": [{"id": "7", "name": "Agency"}], "clients": [{"id": "8", "name": "Client"}]}
    load(con, tmp_path, world)
    load(con, tmp_path, day=1, incomplete={"clients": ()})
    assert rows(con, "select relation, business_id from partners where valid_to is null") == [("client", "8")]
