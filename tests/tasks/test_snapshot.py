"""The published files: whole, explained, and the masked one without anything personal."""

import hashlib
import hmac
import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from matching.people.sources import one_per_person
from tasks.errors import WarehouseError
from tasks.warehouse import queries
from tasks.warehouse.conclude import conclude_check
from tasks.warehouse.connect import warehouse
from tasks.warehouse.snapshot import Published, publish
from tasks.warehouse.snapshot_build import build, known_people, put
from tasks.warehouse.snapshot_columns import CLASSES, relations
from tests.tasks.check_folder import ADS, ANA, DAY, MANAGES, SHOP, directory, load, rows

PLAIN_DAY = DAY.replace(tzinfo=None)
SALT = b"salt of this workspace"
HEAD = f"7 {'ab' * 32}"
SECRETS = ["Zyxanna", "Quillfeather", "zq@northwind.example", "zalias@northwind.example", "Chief Zookeeper",
           "zwaiting@x.example", "zuser", "zgroup", "Zevidence", "Zreason"]  # fmt: skip
ZOE = {
    **ANA, "name": "Zyxanna Quillfeather", "first_name": "Zyxanna", "last_name": "Quillfeather",
    "email": "zq@northwind.example", "title": "Chief Zookeeper", "pending_email": "zwaiting@x.example",
}  # fmt: skip
LEFT = {"id": "11", "name": "Zyxanna Left", "role": "ADMIN"}
NOBODY = {"id": "12", "name": "Zyxanna Nobody", "role": "EMPLOYEE"}
ROBOT = {"id": "20", "name": "Robot", "role": "EMPLOYEE"}
LEFTS = {**MANAGES, "member_id": "11", "id": "act_1", "name": "Ads", "tasks": ["ANALYZE"]}
WORLD = {
    "business_users": [ZOE, LEFT, NOBODY],
    "system_users": [ROBOT],
    "owned_pages": [SHOP, {"id": "101", "name": "Nobody's"}],
    "client_ad_accounts": [ADS],
    "assigned_pages": [MANAGES, {**MANAGES, "member_kind": "system", "member_id": "20"}],
    "assigned_ad_accounts": [LEFTS],
}
PEOPLE = [
    {"person_id": "p1", "display_name": "Zyxanna Quillfeather", "given_name": "Zyxanna",
     "family_name": "Quillfeather", "user_name": "zuser", "primary_email": "zq@northwind.example",
     "aliases": ["zalias@northwind.example"], "title": "Chief Zookeeper", "groups": ["zgroup"],
     "manager_id": "p2", "kind": "employee", "status": "active"},
    {"person_id": "p2", "display_name": "Zyxanna Left", "status": "deprovisioned", "kind": "employee"},
]  # fmt: skip
SEATS = pd.DataFrame(
    [
        ("user:10", "user", "10"),
        ("user:11", "user", "11"),
        ("user:12", "user", "12"),
        ("system:20", "system", "20"),
    ],
    columns=["stay_id", "kind", "member_id"],
)
LINKS = pd.DataFrame(
    [("user:10", "matched", "p1", "onboarded"), ("user:11", "matched", "p2", "deprovisioned"),
     ("user:12", "review", None, "unmatched"), ("system:20", "unmatched", None, "system")],
    columns=["stay_id", "outcome", "person_id", "tab"],
)  # fmt: skip
CANDIDATES = pd.DataFrame(
    {"stay_id": ["user:12"], "rank": [1], "person_id": ["p2"], "posterior": [0.4], "score": [-0.6],
     "evidence": [[{"field": "name", "member_value": "Zevidence"}]]}
)  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a warehouse of one concluded check, for reading and copying."""
    home = tmp_path_factory.mktemp("home")
    with warehouse(home / "warehouse.duckdb") as con:
        (home / "raw").mkdir()
        load(con, home / "raw", WORLD, check_id="c1", directory=[directory(*PEOPLE)])
        con.execute("update edges set reason = 'Zreason' where edge = 'clients'")
        conclude_check(con, hub="acme", check_id="c1", started_at=DAY, finished_at=DAY + timedelta(hours=1),
                       complete=True, baseline=True, report_id="r", digest="d", stays=SEATS, links=LINKS,
                       candidates=CANDIDATES)  # fmt: skip
    return home


@pytest.fixture(scope="module")
def published(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Published:
    with warehouse(home / "warehouse.duckdb") as con:
        return publish(
            con, tmp_path_factory.mktemp("snapshots"), "Nordwind Größe & Co", DAY, SALT, everybody(con), HEAD
        )


@pytest.fixture
def con(home: Path, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    shutil.copy(home / "warehouse.duckdb", tmp_path / "warehouse.duckdb")
    with warehouse(tmp_path / "warehouse.duckdb") as connection:
        yield connection


def everybody(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return the people as matching takes them; there is one source."""
    people = queries.people(con)
    return one_per_person(people, dict.fromkeys(people["source"], 0)).by_every_id()


def ask(file: Path, sql: str) -> list[tuple[Any, ...]]:
    """Ask a snapshot as readers do: attached, under a name of their own."""
    with duckdb.connect() as reader:
        reader.execute(f"attach '{file}' as theirs (read_only)")
        reader.execute("use theirs")
        return rows(reader, sql)


def shape(file: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    sql = """select table_name, column_name from duckdb_columns() where database_name = 'theirs'
             order by column_index"""
    for table, column in ask(file, sql):
        found.setdefault(table, []).append(column)
    return found


def test_the_files_say_whose_and_when_and_who_may_read_them(published: Published) -> None:
    assert published.full.name == "nordwind-groe-co-20261124T100000Z-full.duckdb"
    assert published.masked.name == "nordwind-groe-co-20261124T100000Z-masked.duckdb"
    assert oct(published.full.stat().st_mode)[-3:] == "600"
    assert oct(published.masked.stat().st_mode)[-3:] == "644"
    assert ask(published.masked, "from roster.about") == [("Nordwind Größe & Co", PLAIN_DAY, 6, True, HEAD)]
    assert ask(published.full, "select masked from roster.about") == [(False,)]


def test_the_pointer_leads_to_the_newest_and_nothing_half_made_is_left(con, tmp_path) -> None:
    out = tmp_path / "snapshots"
    first = publish(con, out, "Acme", DAY, SALT, everybody(con))
    second = publish(con, out, "Acme", DAY, SALT, everybody(con))
    pointer = json.loads((out / "latest.json").read_text())
    assert pointer == {"at": DAY.isoformat(), "full": str(second.full), "masked": str(second.masked)}
    assert Path(pointer["full"]).is_absolute()
    assert second.full.name == "acme-20261124T100000Z-2-full.duckdb"
    assert sorted(file.name for file in out.iterdir()) == sorted(
        [first.full.name, first.masked.name, second.full.name, second.masked.name, "latest.json"]
    )


def test_a_snapshot_that_fails_leaves_the_last_good_one_and_no_trace(con, tmp_path) -> None:
    out = tmp_path / "snapshots"
    publish(con, out, "Acme", DAY, SALT, everybody(con))
    before = {file.name: file.read_bytes() for file in out.iterdir()}
    con.execute("drop table candidates")
    with pytest.raises(duckdb.CatalogException):
        publish(con, out, "Acme", DAY + timedelta(days=1), SALT, everybody(con))
    assert {file.name: file.read_bytes() for file in out.iterdir()} == before
    assert rows(con, "select count(*) from members") == [(4,)]  # the warehouse is as usable as before


def test_a_folder_that_is_a_file_is_one_line_of_advice(con, tmp_path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(WarehouseError, match="no snapshot could be written to"):
        publish(con, tmp_path / "taken", "Acme", DAY, SALT, everybody(con))


def test_every_table_view_and_column_is_explained_and_none_stands_outside_the_list(
    published: Published,
) -> None:
    assert shape(published.full) == {r.name: [c.name for c in r.columns] for r in relations()}
    assert shape(published.masked) == {r.name: [c.name for c in r.shown(masked=True)] for r in relations()}
    theirs = "database_name = 'theirs' and comment is null and not internal"
    for file in (published.full, published.masked):
        for kind in ("column", "table", "view"):
            assert ask(file, f"from duckdb_{kind}s() where {theirs}") == []
    assert {column.kind for relation in relations() for column in relation.columns} == CLASSES


def test_a_reader_is_told_what_is_a_pseudonym_and_that_who_was_removed_is_here_until_the_next_check(
    published: Published,
) -> None:
    of_person = (
        "select comment from duckdb_columns() where table_name = 'members' and column_name = 'person_id'"
    )
    for file, is_hidden in ((published.full, False), (published.masked, True)):
        assert ("here a pseudonym" in ask(file, of_person)[0][0]) is is_hidden
        (told,) = ask(file, "select comment from duckdb_views() where view_name = 'leavers_with_access'")[0]
        assert "who was removed since is here until the next" in told


def test_a_column_that_nobody_classified_can_not_reach_the_masked_file(con, tmp_path) -> None:
    con.execute("alter table members add column nickname text default 'Zyxanna'")  # in the warehouse …
    with known_people(con, everybody(con)):
        build(con, tmp_path / "masked.duckdb", workspace="Acme", at=DAY, masked=True, salt=SALT)
    assert "nickname" not in shape(tmp_path / "masked.duckdb")["members"]

    con.execute(f"attach '{tmp_path / 'planted.duckdb'}' as snapshot")  # … and in the snapshot's own query
    con.execute("create schema snapshot.roster")
    about = next(relation for relation in relations() if relation.name == "about")
    query = (
        "select 'w' as workspace, now() as made_at, 1 as schema_version, true as masked, '' as ledger_head, "
        "'Zyx' as nickname"
    )
    put("snapshot_table", con, about, query, {}, masked=True)
    con.execute("detach snapshot")
    assert shape(tmp_path / "planted.duckdb") == {"about": [column.name for column in about.columns]}


@pytest.mark.parametrize("secret", SECRETS)
def test_nothing_personal_is_in_the_masked_file(published: Published, tmp_path: Path, secret: str) -> None:
    assert secret.encode() not in published.masked.read_bytes()
    for relation in relations():  # values may be stored compressed: look at what a reader gets, too
        cells = f"select to_json(t)::text from roster.{relation.name} as t"
        assert not any(secret in text for (text,) in ask(published.masked, cells))
    told = str([ask(published.full, f"from roster.{relation.name}") for relation in relations()])
    assert secret in told  # else this test would look for something that is nowhere


def test_pseudonyms_are_keyed_hashes_and_join_within_and_across_snapshots(published, con, tmp_path) -> None:
    expected = hmac.new(SALT, b"p1", hashlib.sha256).hexdigest()[:16]
    manager = hmac.new(SALT, b"p2", hashlib.sha256).hexdigest()[:16]
    active = "select person_id, manager_id from roster.people where status = 'active'"
    assert ask(published.masked, active) == [(expected, manager)]
    linked = "select person_id from roster.people join roster.links using (person_id) order by status"
    assert ask(published.masked, linked) == [(expected,), (manager,)]
    seat = "select person_id from roster.members where member_id = '10'"
    assert ask(published.masked, seat) == [(expected,)]

    salt = b"another one, longer than a block of the hash" * 2
    other = publish(con, tmp_path / "other", "Acme", DAY, salt, everybody(con))
    rekeyed = hmac.new(salt, b"p1", hashlib.sha256).hexdigest()[:16]
    assert ask(other.masked, seat) == [(rekeyed,)]


def test_access_is_one_wide_row_per_member_and_asset(published: Published) -> None:
    wide = """select member_kind, member_name, tab, person_name, person_status, asset_name, relation, tasks,
              controls, access from roster.access order by member_id"""
    assert ask(published.full, wide) == [
        ("user", "Zyxanna Quillfeather", "onboarded", "Zyxanna Quillfeather", "active", "Shop", "owned",
         ["ANALYZE", "MANAGE"], True, "direct"),
        ("user", "Zyxanna Left", "deprovisioned", "Zyxanna Left", "deprovisioned", "Ads", "client",
         ["ANALYZE"], False, "direct"),
        ("system", "Robot", "system", None, None, "Shop", "owned", ["ANALYZE", "MANAGE"], True, "direct"),
    ]  # fmt: skip
    could = "select member_id, asset_id from roster.access_could_take order by all"
    assert ask(published.masked, could) == [("10", "101"), ("11", "100"), ("11", "101")]


def test_the_views_answer_the_common_questions(published: Published) -> None:
    leavers = "select member_id, name, is_full_control, assets, controlled from roster.leavers_with_access"
    assert ask(published.full, leavers) == [("11", "Zyxanna Left", True, 1, 0)]
    control = """select asset_id, controllers, active_employees, system_users, controller_names
                 from roster.who_controls order by asset_id"""
    assert ask(published.full, control) == [
        ("100", 1, 1, 1, ["Zyxanna Quillfeather"]),
        ("101", 0, 0, 0, None),
        ("act_1", 0, 0, 0, None),
    ]
    unmatched = "select member_id, candidate_id, candidate_name, posterior from roster.unmatched_members"
    assert ask(published.full, unmatched) == [("12", "p2", "Zyxanna Left", 0.4)]
    assert ask(published.full, "select count(*) from roster.members_now") == [(4,)]
    assert ask(published.full, "select count(*) from roster.grants_now") == [(3,)]
    assert ask(published.full, "select hub, complete, incomplete_edges from roster.last_checks") == [
        ("acme", True, [])
    ]


def test_history_carries_the_person_that_a_seat_had_when_it_ended(con, tmp_path) -> None:
    (tmp_path / "raw").mkdir()
    load(con, tmp_path / "raw", {**WORLD, "business_users": [LEFT, NOBODY]}, check_id="c2", day=1)
    conclude_check(
        con, hub="acme", check_id="c2", started_at=DAY, finished_at=DAY, complete=True, baseline=False,
        report_id="r", digest="d", stays=SEATS[1:], links=LINKS[1:], candidates=CANDIDATES,
    )  # fmt: skip
    full = publish(con, tmp_path / "out", "Acme", DAY, SALT, everybody(con)).full
    ended = "select stay_id, tab, person_id, valid_from, valid_to from roster.members where member_id = '10'"
    assert ask(full, ended) == [("user:10", "onboarded", "p1", PLAIN_DAY, PLAIN_DAY + timedelta(days=1))]


def test_on_each_day_a_seat_has_the_tab_and_the_person_of_that_day(con, tmp_path) -> None:
    """Zyxanna left on day 2 and was never taken for anybody else; what Meta says of her seat is as before."""
    (tmp_path / "raw").mkdir()
    left, sure = LINKS.copy(), LINKS.copy()
    left.loc[0, "tab"] = "deprovisioned"
    sure["reason"] = "exact_address"  # of the link alone: no other row about the seat
    for day, links in ((1, sure), (2, left)):
        load(con, tmp_path / "raw", WORLD, check_id=f"d{day}", day=day)
        conclude_check(
            con, hub="acme", check_id=f"d{day}", started_at=DAY, finished_at=DAY, complete=True,
            baseline=False, report_id="r", digest="d", stays=SEATS, links=links, candidates=CANDIDATES,
        )  # fmt: skip
    full = publish(con, tmp_path / "out", "Acme", DAY, SALT, everybody(con)).full
    hers = "select tab, person_id, valid_from, valid_to from roster.members where member_id = '10' order by 3"
    assert ask(full, hers) == [
        ("onboarded", "p1", PLAIN_DAY, PLAIN_DAY + timedelta(days=2)),
        ("deprovisioned", "p1", PLAIN_DAY + timedelta(days=2), None),
    ]
    assert ask(full, "select count(*) from roster.members_now") == [(4,)]


def test_the_warehouse_is_untouched_by_publishing(con, tmp_path) -> None:
    attached = "select database_name from duckdb_databases() where not internal order by 1"
    before = rows(con, attached)
    publish(con, tmp_path / "out", "Acme", DAY, SALT, everybody(con))
    assert rows(con, "select current_database(), getvariable('inner_pad')") == [("warehouse", None)]
    assert rows(con, attached) == before
