"""A home of an earlier hubroster goes on: history, decisions and reports stay, and nobody is told as new.

`home_of_schema_3.tar.gz` was made by commit 4782214, the last with three migrations of the warehouse, from
`hubroster sandbox --seed 5 --members 12 --directory 60`: a check, two changes by hand, a check, an Owner's
`match`, a check. `expected.json` is what that program then said.
"""

import json
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.e2e.processes import Office, World, sandbox

SAVED = Path(__file__).with_name("home_of_schema_3.tar.gz")


@pytest.fixture
def world() -> Iterator[World]:
    """Serve the same world as then."""
    with sandbox("--port", "0", "--seed", "5", "--members", "12", "--directory", "60") as made:
        yield made


def test_history_decisions_and_reports_of_an_earlier_version_stay(world: World, tmp_path: Path) -> None:
    with tarfile.open(SAVED) as saved:
        saved.extractall(tmp_path, filter="data")
    expected = json.loads((tmp_path / "expected.json").read_text())
    office = _office(tmp_path, world)

    assert json.loads(office.run("report", "agency", "--json").out) == expected["report"]
    verified = office.run("ledger", "verify", "--json").last
    assert (verified["ok"], verified["head"]) == (True, expected["ledger"]["head"])

    before = _stays(tmp_path)

    for path, body in expected["hands"]:
        world.admin(path, body)
    (tmp_path / "people.csv").write_bytes(Path(world.facts["directory_path"]).read_bytes())
    checked = office.check().last
    assert checked["complete"]
    assert checked["changes"] == {}
    assert office.report(checked)["check"]["baseline"] is False
    assert _members(office) == {one["member_id"]: _told(one) for one in expected["members"]}
    assert _stays(tmp_path) == before
    assert _ask(tmp_path, "select count(*) from checks") == [(4,)]
    assert _ask(tmp_path, "select max(number) > 3 from schema_migrations") == [(True,)]


def _office(folder: Path, world: World) -> Office:
    config = folder / "hubroster.toml"
    text = re.sub(r'graph_url = ".*"', f'graph_url = "{world.facts["graph_url"]}"', config.read_text())
    config.write_text(re.sub(r"port = \d+", f"port = {world.facts['smtp_port']}", text))
    secrets = {"AGENCY_TOKEN": world.facts["access_token"], "AGENCY_WRITE": world.facts["write_token"]}
    return Office(folder, secrets)


def _ask(folder: Path, sql: str) -> list[Any]:
    with duckdb.connect(str(folder / ".hubroster" / "warehouse.duckdb"), read_only=True) as con:
        return con.execute(sql).fetchall()


def _stays(folder: Path) -> list[Any]:
    return _ask(folder, "select stay_id, kind, member_id, valid_from, valid_to from stays order by all")


def _members(office: Office) -> dict[str, Any]:
    listed = office.run("members", "agency", "--json").last["members"]
    return {one["member_id"]: _told(one) for one in listed}


def _told(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[key] for key in ("name", "stay_id", "tab", "outcome", "rule", "person_id"))
