"""What a check folder does to members and grants in the warehouse."""

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from tasks.errors import WarehouseError
from tasks.meta.completeness import OPTIONAL_EDGES, REQUIRED_EDGES, ScopeGap
from tasks.warehouse.connect import warehouse
from tasks.warehouse.load import HubFacts, load_check
from tests.tasks.check_folder import (
    ACME,
    ANA,
    ANA_READ,
    BEN,
    BEN_READ,
    DAY,
    MANAGES,
    PERSON,
    WORLD,
    directory,
    load,
    open_members,
    reads,
    rows,
    write_folder,
)


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse(tmp_path / "home" / "warehouse.duckdb") as connection:
        yield connection


def test_a_check_says_who_is_there_and_what_they_may_do(con, tmp_path) -> None:
    summary = load(con, tmp_path, directory=[directory(PERSON)])

    assert (summary.members, summary.assets, summary.grants, summary.people) == (2, 2, 1, 1)
    assert rows(
        con, "select hub, kind, member_id, name, role, valid_from from members where member_id = '10'"
    ) == [("acme", "user", "10", "Ana Ruiz", "ADMIN", DAY)]
    assert rows(con, "select member_id, asset_kind, asset_id, tasks from grants") == [
        ("10", "page", "100", ["ANALYZE", "MANAGE"])
    ]
    assert rows(
        con, "select asset_id, relation, sharing_business_id, permitted_tasks from hub_assets order by 1"
    ) == [
        ("100", "owned", None, None),
        ("act_1", "client", "9", ["ANALYZE", "MANAGE"]),
    ]
    assert rows(con, "select business_name, login_method from hubs") == [("Northwind", "sso")]


def test_an_unchanged_check_writes_nothing(con, tmp_path) -> None:
    load(con, tmp_path, directory=[directory(PERSON)])
    assert load(con, tmp_path, day=1, directory=[directory(PERSON, day=1)]).written == 0


def test_a_check_that_is_loaded_twice_changes_nothing(con, tmp_path) -> None:
    load(con, tmp_path, check_id="c1")
    summary = load(con, tmp_path, check_id="c1")

    assert summary.written == 0
    assert rows(con, "select count(*), min(started_at) from checks") == [(1, DAY)]
    assert rows(con, "select count(*) from edges where scope = ''") == [
        (len(REQUIRED_EDGES | OPTIONAL_EDGES),)
    ]


def test_who_left_is_closed_with_all_grants(con, tmp_path) -> None:
    load(con, tmp_path)
    load(con, tmp_path, {**WORLD, "business_users": [BEN], "assigned_pages": []}, day=1)

    assert open_members(con) == ["11"]
    assert rows(con, "select member_id, valid_to from members where valid_to is not null") == [
        ("10", DAY + timedelta(days=1))
    ]
    assert rows(con, "select count(*) from grants where valid_to is null") == [(0,)]


def test_a_changed_role_ends_one_row_and_begins_another(con, tmp_path) -> None:
    load(con, tmp_path)
    load(con, tmp_path, {**WORLD, "business_users": [{**ANA, "role": "EMPLOYEE"}, BEN]}, day=1)

    assert rows(con, "select role, valid_from, valid_to from members where member_id = '10' order by 2") == [
        ("ADMIN", DAY, DAY + timedelta(days=1)),
        ("EMPLOYEE", DAY + timedelta(days=1), None),
    ]


def test_a_field_that_meta_leaves_out_keeps_what_is_known(con, tmp_path) -> None:
    load(con, tmp_path)
    hidden = {"id": "10", "name": "Ana Ruiz", "role": "ADMIN"}

    assert load(con, tmp_path, {**WORLD, "business_users": [hidden, BEN]}, day=1).written == 0


def test_an_incomplete_edge_opens_and_changes_but_closes_nobody(con, tmp_path) -> None:
    load(con, tmp_path)
    world = {
        **WORLD,
        "business_users": [{**BEN, "role": "ADMIN"}, {"id": "12", "name": "Cai", "role": "EMPLOYEE"}],
    }
    load(con, tmp_path, world, day=1, incomplete={"business_users": ()})

    assert open_members(con) == ["10", "11", "12"]
    assert rows(con, "select role from members where member_id = '11' and valid_to is null") == [("ADMIN",)]


def test_an_edge_without_a_file_was_not_read_whatever_its_completeness_claims(con, tmp_path) -> None:
    load(con, tmp_path)
    load(
        con,
        tmp_path,
        day=1,
        without=["business_users", "owned_pages", "assigned_pages", "assigned_pages.read"],
    )

    assert open_members(con) == ["10", "11"]
    assert rows(con, "select count(*) from grants where valid_to is null") == [(1,)]
    assert rows(con, "select count(*) from hub_assets where valid_to is null") == [(2,)]


def test_a_grant_stays_until_its_own_member_was_read(con, tmp_path) -> None:
    load(con, tmp_path)
    gap = {"assigned_pages": [ScopeGap("user", "10", "timed out")]}
    world = {**WORLD, "assigned_pages": [], "assigned_pages.read": [BEN_READ]}
    load(con, tmp_path, world, day=1, incomplete=gap)
    assert rows(con, "select count(*) from grants where valid_to is null") == [(1,)]
    assert rows(con, "select edge, complete, reason from edges where scope = 'user:10'") == [
        ("assigned_pages", False, "timed out")
    ]

    load(con, tmp_path, {**world, "assigned_pages.read": [ANA_READ, BEN_READ]}, day=2)
    assert rows(con, "select count(*) from grants where valid_to is null") == [(0,)]


def test_a_grant_of_nobody_we_know_is_not_kept(con, tmp_path) -> None:
    stranger = {**MANAGES, "member_id": "99"}
    load(con, tmp_path, {**WORLD, "assigned_pages": [MANAGES, stranger]})
    assert rows(con, "select member_id from grants") == [("10",)]


def test_a_row_that_meta_sends_twice_is_one_row_whichever_comes_first(con, tmp_path) -> None:
    twice = [ANA, {**ANA, "role": "EMPLOYEE"}, BEN]
    grants = [MANAGES, {**MANAGES, "tasks": ["ADVERTISE"]}]
    load(con, tmp_path, {**WORLD, "business_users": twice, "assigned_pages": grants})
    assert rows(con, "select role from members where member_id = '10'") == [("ADMIN",)]
    assert rows(con, "select tasks from grants") == [(["ADVERTISE", "ANALYZE", "MANAGE"],)]

    world = {**WORLD, "business_users": twice[::-1], "assigned_pages": grants[::-1]}
    assert load(con, tmp_path, world, day=1).written == 0


def test_one_hub_says_nothing_about_the_members_of_another(con, tmp_path) -> None:
    umbra = HubFacts("umbra", "9", "https://graph.test", "2", "password")
    load(con, tmp_path)
    load(con, tmp_path, {}, hub=umbra)
    assert open_members(con) == ["10", "11"]


def test_an_invitation_carries_its_times_and_an_odd_time_is_unknown(con, tmp_path) -> None:
    invite = {"id": "5", "email": "cai@northwind.example", "role": "EMPLOYEE", "status": "PENDING",
              "created_time": "2026-11-20T12:00:00+0200", "expiration_time": "soon"}  # fmt: skip
    load(con, tmp_path, {**WORLD, "pending_users": [invite]})
    assert rows(con, "select status, created_at, expires_at from members where kind = 'pending'") == [
        ("PENDING", datetime(2026, 11, 20, 10, tzinfo=UTC), None)
    ]


def test_when_the_clock_went_back_no_interval_ends_before_it_began(con, tmp_path) -> None:
    load(con, tmp_path, day=2)
    load(con, tmp_path, {**WORLD, "business_users": [{**ANA, "role": "EMPLOYEE"}]}, day=1)

    assert rows(con, "select count(*) from members where valid_to <= valid_from") == [(0,)]
    assert rows(con, "select role from members where valid_to is null") == [("EMPLOYEE",)]
    ((newest,),) = rows(con, "select max(started_at) from checks")
    assert newest > DAY + timedelta(days=2)


def test_a_damaged_file_loads_nothing_and_is_named(con, tmp_path) -> None:
    folder = write_folder(tmp_path / "c1", WORLD)
    (folder / "owned_pages.ndjson.gz").write_bytes(gzip.compress(b'{"id": "1"}\n' * 5000)[:40])

    with pytest.raises(WarehouseError, match=r"owned_pages\.ndjson\.gz is damaged"):
        load_check(con, hub=ACME, check_id="c1", started_at=DAY, folder=folder, edges=reads(), directory=[],
                   api_version="v26.0", requests=1, calls=1)  # fmt: skip
    assert rows(con, "select (select count(*) from checks), (select count(*) from members)") == [(0, 0)]


def test_files_of_gzip_that_follow_each_other_are_one(con, tmp_path) -> None:
    folder = write_folder(tmp_path / "c1", WORLD)
    parts = [gzip.compress(json.dumps(row).encode() + b"\n") for row in (ANA, BEN)]
    (folder / "business_users.ndjson.gz").write_bytes(b"".join(parts))
    load_check(con, hub=ACME, check_id="c1", started_at=DAY, folder=folder, edges=reads(), directory=[],
               api_version="v26.0", requests=1, calls=1)  # fmt: skip
    assert open_members(con) == ["10", "11"]


def test_nothing_of_a_load_stays_in_memory(con, tmp_path) -> None:
    load(con, tmp_path, directory=[directory(PERSON)])
    assert rows(con, "select table_name from duckdb_tables() where temporary") == []
