"""What a check folder does to the facts in the warehouse."""

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from tasks.directory.read import PEOPLE_COLUMNS, DirectoryRead
from tasks.errors import WarehouseError
from tasks.meta.completeness import OPTIONAL_EDGES, REQUIRED_EDGES, EdgeRead, ScopeGap
from tasks.warehouse.connect import warehouse
from tasks.warehouse.load import HubFacts, LoadSummary, load_check

ACME = HubFacts("acme", "1", "https://graph.test", "2", "sso")
DAY = datetime(2026, 11, 24, 10, tzinfo=UTC)
ANA = {"id": "10", "name": "Ana Ruiz", "email": "ana@northwind.example", "role": "ADMIN"}
BEN = {"id": "11", "name": "Ben Okafor", "role": "EMPLOYEE"}
SHOP = {"id": "100", "name": "Shop"}
ADS = {"id": "act_1", "name": "Ads", "owner_business": "9", "permitted_tasks": ["MANAGE", "ANALYZE"]}
MANAGES = {
    "member_kind": "user",
    "member_id": "10",
    "id": "100",
    "name": "Shop",
    "tasks": ["MANAGE", "ANALYZE"],
}
ANA_READ = {"member_kind": "user", "member_id": "10"}
BEN_READ = {"member_kind": "user", "member_id": "11"}
WORLD: dict[str, Sequence[Mapping[str, Any]]] = {
    "business_users": [ANA, BEN],
    "owned_pages": [SHOP],
    "client_ad_accounts": [ADS],
    "assigned_pages": [MANAGES],
    "assigned_pages.read": [ANA_READ, BEN_READ],
}
PERSON = {"person_id": "p1", "display_name": "Ana Ruiz", "primary_email": "ana@northwind.example"}


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse(tmp_path / "home" / "warehouse.duckdb") as connection:
        yield connection


def write_folder(
    folder: Path, world: Mapping[str, Sequence[Mapping[str, Any]]], without: Sequence[str] = ()
) -> Path:
    """Write a check folder: every edge there is, empty ones too, except `without`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "business.json").write_text('{"id": "1", "name": "Northwind"}')
    assigned = [f"{edge}.read" for edge in REQUIRED_EDGES | OPTIONAL_EDGES if edge.startswith("assigned")]
    for edge in {*REQUIRED_EDGES, *OPTIONAL_EDGES, *assigned} - set(without):
        lines = "".join(json.dumps(row) + "\n" for row in world.get(edge, []))
        (folder / f"{edge}.ndjson.gz").write_bytes(gzip.compress(lines.encode()))
    return folder


def reads(incomplete: Mapping[str, Sequence[ScopeGap]] | None = None) -> list[EdgeRead]:
    incomplete = incomplete or {}
    return [
        EdgeRead(e, 1, 1, None, e not in incomplete, e in REQUIRED_EDGES, "cut" if e in incomplete else None,
                 tuple(incomplete.get(e, ())))
        for e in sorted(REQUIRED_EDGES | OPTIONAL_EDGES)
    ]  # fmt: skip


def load(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    world: Mapping[str, Sequence[Mapping[str, Any]]] = WORLD,
    *,
    day: float = 0,
    check_id: str | None = None,
    hub: HubFacts = ACME,
    incomplete: Mapping[str, Sequence[ScopeGap]] | None = None,
    without: Sequence[str] = (),
    directory: Sequence[DirectoryRead] = (),
) -> LoadSummary:
    check_id = check_id or f"{hub.hub}-{day}-{len(list(folder.iterdir()))}"
    raw = write_folder(folder / check_id, world, without)
    return load_check(
        con, hub=hub, check_id=check_id, started_at=DAY + timedelta(days=day), folder=raw,
        edges=reads(incomplete), directory=directory, api_version="v26.0", requests=1, calls=2,
    )  # fmt: skip


def directory(
    *people: Mapping[str, Any], day: float = 0, absence: str = "missing", accepted: bool = True
) -> DirectoryRead:
    at = DAY + timedelta(days=day)
    frame = pd.DataFrame([dict(p) for p in people], columns=list(PEOPLE_COLUMNS))
    return DirectoryRead("people.csv", at, at, accepted, None if accepted else "empty", "d", absence, frame)


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return con.execute(sql).fetchall()


def open_members(con: duckdb.DuckDBPyConnection) -> list[str]:
    return [r[0] for r in rows(con, "select member_id from members where valid_to is null order by all")]


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


def test_one_hub_says_nothing_about_the_members_of_another(con, tmp_path) -> None:
    umbra = HubFacts("umbra", "9", "https://graph.test", "2", "password")
    load(con, tmp_path)
    load(con, tmp_path, {}, hub=umbra)
    assert open_members(con) == ["10", "11"]


def test_partners_close_per_edge(con, tmp_path) -> None:
    world = {**WORLD, "agencies": [{"id": "7", "name": "Agency"}], "clients": [{"id": "8", "name": "Client"}]}
    load(con, tmp_path, world)
    load(con, tmp_path, day=1, incomplete={"clients": ()})
    assert rows(con, "select relation, business_id from partners where valid_to is null") == [("client", "8")]


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
    assert rows(
        con, "select max(started_at) > $1 from checks".replace("$1", "timestamptz '2026-11-26 10:00Z'")
    ) == [(True,)]


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


def test_a_person_who_is_absent_is_missing_and_comes_back(con, tmp_path) -> None:
    other = {**PERSON, "person_id": "p2", "aliases": ["a@x.example", "b@x.example"], "groups": []}
    load(con, tmp_path, directory=[directory(PERSON, other)])
    assert rows(con, "select aliases, groups, kind, status from people where person_id = 'p2'") == [
        (["a@x.example", "b@x.example"], [], "employee", "active")
    ]
    summary = load(con, tmp_path, day=1, directory=[directory(other, day=1)])
    assert (summary.people, summary.written) == (1, 2)
    load(con, tmp_path, day=2, directory=[directory(PERSON, other, day=2)])
    assert rows(con, "select status from people where person_id = 'p1' order by valid_from") == [
        ("active",),
        ("missing",),
        ("active",),
    ]


def test_a_refused_read_is_recorded_and_changes_nobody(con, tmp_path) -> None:
    load(con, tmp_path, directory=[directory(PERSON)])
    summary = load(con, tmp_path, day=1, directory=[directory(day=1, accepted=False)])
    assert summary.written == 0
    assert rows(con, "select accepted, reason, people from directory_reads order by read_at") == [
        (True, None, 1),
        (False, "empty", 0),
    ]


@pytest.mark.parametrize(("hours", "status"), [(19, "missing"), (21, "deprovisioned")])
def test_absence_means_left_only_after_two_reads_that_lie_far_enough_apart(
    con, tmp_path, hours, status
) -> None:
    other = {**PERSON, "person_id": "p2"}
    load(con, tmp_path, directory=[directory(PERSON, other)])
    for day in (1, 1 + hours / 24):
        load(con, tmp_path, day=day, directory=[directory(other, day=day, absence="left")])
        statuses = rows(con, "select status from people where person_id = 'p1' and valid_to is null")
        assert statuses == [("missing",)] if day == 1 else [(status,)]


def test_a_stated_departure_outlives_the_deletion_of_its_entry(con, tmp_path) -> None:
    other = {**PERSON, "person_id": "p2"}
    load(con, tmp_path, directory=[directory({**PERSON, "status": "deprovisioned"}, other)])
    load(con, tmp_path, day=1, directory=[directory(other, day=1)])
    assert rows(con, "select status from people where person_id = 'p1' and valid_to is null") == [
        ("deprovisioned",)
    ]


def test_a_check_that_read_an_older_file_than_another_does_not_undo_it(con, tmp_path) -> None:
    umbra = HubFacts("umbra", "9", "https://graph.test", "2", "password")
    load(con, tmp_path, directory=[directory({**PERSON, "status": "deprovisioned"}, day=0.1)])
    load(con, tmp_path, hub=umbra, directory=[directory(PERSON, day=0.0)])
    assert rows(con, "select status from people where valid_to is null") == [("deprovisioned",)]


def test_nothing_of_a_load_stays_in_memory(con, tmp_path) -> None:
    load(con, tmp_path, directory=[directory(PERSON)])
    assert rows(con, "select table_name from duckdb_tables() where temporary") == []
