"""A hub out of the warehouse: nothing of it is left in the file; the rest stays as it was."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from tasks.warehouse import directory_queries, queries
from tasks.warehouse.conclude import conclude_check
from tasks.warehouse.connect import warehouse
from tasks.warehouse.erase import TABLES, erase_hub
from tests.tasks.check_folder import ACME, DAY, directory, load, rows

SEATS = pd.DataFrame([("user:10", "user", "10")], columns=["stay_id", "kind", "member_id"])
LINKS = pd.DataFrame(
    [("user:10", "matched", "p1", "onboarded")], columns=["stay_id", "outcome", "person_id", "tab"]
)
HUBS = {"acme": ACME, "agency": replace(ACME, hub="agency", business_id="77")}
PEOPLE = [{"person_id": "p1", "display_name": "Ana", "status": "active", "kind": "employee"}]
LEFT = "select table_name from duckdb_columns() where column_name = 'hub' and database_name = 'warehouse'"


def candidates(name: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"stay_id": ["user:10"], "rank": [1], "person_id": ["p1"], "posterior": [0.4], "score": [-0.6],
         "evidence": [[{"field": "name", "member_value": name}]]}
    )  # fmt: skip


def world(name: str, *assets: str) -> dict[str, list[dict[str, object]]]:
    return {
        "business_users": [{"id": "10", "name": name, "role": "ADMIN"}],
        "owned_pages": [{"id": one, "name": f"Page {one}"} for one in assets],
    }


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A warehouse that checks of two hubs filled in turn; both see the Page 100."""
    path = tmp_path / "warehouse.duckdb"
    with warehouse(path) as con:
        for day, (hub, name, assets) in enumerate(
            [("acme", "Zyxanna", ("100", "7001")), ("agency", "Ben", ("100", "200")),
             ("acme", "Zyxanna", ("100", "7001"))]
        ):  # fmt: skip
            folder = tmp_path / f"raw-{day}"
            folder.mkdir()
            check, at = f"{hub}-{day}", DAY + timedelta(days=day)
            load(con, folder, world(name, *assets), check_id=check, hub=HUBS[hub], day=day,
                 directory=[directory(*PEOPLE, day=day)])  # fmt: skip
            conclude_check(con, hub=hub, check_id=check, started_at=at, finished_at=at, complete=True,
                           baseline=False, report_id="r", digest="d", stays=SEATS, links=LINKS,
                           candidates=candidates(name))  # fmt: skip
    return path


def erase(path: Path) -> int:
    return erase_hub(path, "acme", lock_wait_s=5, memory_limit="512MB")


def told(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return what stands of the other hub, and of the directory but for which check read it."""
    with warehouse(path, read_only=True) as con:
        found = {table: rows(con, f"from {table} where hub = 'agency' order by all") for table in TABLES}
        found["people"] = rows(con, "from people order by all")
        found["reads"] = rows(con, "select * exclude (read_id, check_id) from directory_reads order by all")
        found["last"] = rows(con, "select max(started_at) from checks")
        return found


def test_all_tables_that_name_a_hub_are_known(path: Path) -> None:
    with warehouse(path) as con:
        assert {name for (name,) in rows(con, LEFT)} == {*TABLES, "checks"}


def test_no_row_and_no_byte_of_it_is_left_and_the_rest_is_as_it_was(path: Path) -> None:
    before = told(path)
    assert b"Zyxanna" in path.read_bytes()

    assert erase(path) > 0

    assert told(path) == before
    data = path.read_bytes()
    assert not [word for word in (b"acme", b"Zyxanna", b"7001") if word in data]
    with warehouse(path, read_only=True) as con:
        for table in (*TABLES, "checks"):
            assert rows(con, f"select count(*) from {table} where hub = 'acme'") == [(0,)]
        assert rows(con, "select asset_id from assets order by 1") == [("100",), ("200",)]
        assert queries.hub_list(con)["hub"].tolist() == ["agency"]
        assert queries.newest_checks(con, 9)["hub"].tolist() == ["agency"]
        assert queries.last_checks(con)["hub"].tolist() == ["agency"]
        silent = "select table_name from duckdb_tables() where comment is null"
        assert rows(con, silent) == [("schema_migrations",)]
    assert oct(path.stat().st_mode)[-3:] == "600"
    assert not list(path.parent.glob(".new-*"))


def test_the_last_read_of_the_directory_stays_the_last_one(path: Path) -> None:
    """It was a check of the erased hub that made it."""
    source = str(directory(*PEOPLE).source)
    with warehouse(path, read_only=True) as con:
        before = queries.last_accepted(con, source)
    erase(path)
    with warehouse(path, read_only=True) as con:
        after = queries.last_accepted(con, source)
        assert len(directory_queries.refused_reads(con, source)) == 0

    assert before is not None
    assert after is not None
    assert (after.read_at, after.made_at, after.people, after.digest) == (
        before.read_at, before.made_at, before.people, before.digest
    )  # fmt: skip
    assert after.read_id.startswith("erased-")


def test_done_again_it_finds_nothing_and_the_next_check_goes_on(path: Path, tmp_path: Path) -> None:
    erase(path)
    assert erase(path) == 0
    (tmp_path / "raw").mkdir()
    with warehouse(path) as con:
        load(con, tmp_path / "raw", world("Ben", "100", "200"), check_id="agency-9", day=3,
             hub=HUBS["agency"], directory=[directory(*PEOPLE, day=3)])  # fmt: skip
        assert rows(con, "select count(*) from members where hub = 'agency'") == [(1,)]


def test_who_writes_next_writes_into_the_new_file(path: Path) -> None:
    erase(path)
    with warehouse(path) as con:
        con.execute("insert into hubs (hub) values ('later')")
    with duckdb.connect(str(path), read_only=True) as con:
        assert rows(con, "select count(*) from hubs where hub = 'later'") == [(1,)]
