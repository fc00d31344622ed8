"""`hubroster check LABEL --json` against a world in another process, compared with that world's state."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.e2e.processes import Office, Ran, World, hubroster, office

KEYS = {
    "hub",
    "check_id",
    "complete",
    "edges",
    "members",
    "assets",
    "grants",
    "people",
    "directory",
    "tabs",
    "changes",
    "proposals",
    "held_back",
    "report_id",
    "digest",
    "snapshot",
    "snapshot_masked",
}
LEAVERS = ("ex_employee", "ex_employee_full_control", "last_in_control")


@pytest.fixture(scope="module")
def here(world: World, tmp_path_factory: pytest.TempPathFactory) -> Office:
    return office(tmp_path_factory.mktemp("office"), world)


@pytest.fixture(scope="module")
def state(world: World) -> dict[str, Any]:
    """What is true at Meta before anybody acts, the answer key included."""
    return world.state()


@pytest.fixture(scope="module")
def first(here: Office, state: dict[str, Any]) -> Ran:
    """The first check."""
    return here.check()


@pytest.fixture(scope="module")
def deeds(world: World, state: dict[str, Any], first: Ran) -> dict[str, str]:
    """What somebody does by hand after the first check, each to a member in no story."""
    told = {member for story in state["stories"].values() for member in story["member_ids"]}
    some = [
        user["id"]
        for user in state["users"].values()
        if not user["is_system"] and user["id"] not in told and len(state["grants"][user["id"]]) > 1
    ]
    promoted, poorer, gone = some[:3]
    asset = next(iter(state["grants"][poorer]))
    world.admin(f"members/{promoted}/role", {"role": "DEVELOPER"})
    world.admin("grants/revoke", {"user": poorer, "asset": asset})
    world.admin(f"members/{gone}/remove", {})
    return {"promoted": promoted, "poorer": poorer, "asset": asset, "gone": gone}


@pytest.fixture(scope="module")
def second(here: Office, deeds: dict[str, str]) -> Ran:
    """The check after the deeds."""
    return here.check()


@pytest.fixture(scope="module")
def spoilt(world: World, here: Office, second: Ran) -> Iterator[Ran]:
    """A third check, while Meta refuses one edge."""
    world.admin("faults", [{"edge": "owned_pages", "times": None, "fault": "code", "code": 200}])
    yield here.check()
    world.admin("faults", [])


def rows(snapshot: str, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(snapshot, read_only=True) as con:
        return con.execute(query).fetchall()


def assert_one_line(ran: Ran, *told: str) -> None:
    """Assert that a command failed in one line which says this, without a word on stdout."""
    assert (ran.code, ran.out) == (1, "")
    assert "Traceback" not in ran.err
    last = ran.err.splitlines()[-1]
    assert last.startswith("hubroster: ")
    for words in told:
        assert words in last


def test_the_last_line_is_one_object_with_exactly_the_keys_that_scripts_read(first: Ran) -> None:
    result = first.last

    assert set(result) == KEYS
    assert result["hub"] == "agency"
    assert all(
        set(edge) == {"edge", "pages", "rows", "total", "complete", "reason"} for edge in result["edges"]
    )
    assert all(
        set(read) == {"source", "accepted", "reason", "people", "age_h"} for read in result["directory"]
    )
    for counted in ("tabs", "changes", "proposals"):
        assert all(type(number) is int for number in result[counted].values())
    for path in (result["snapshot"], result["snapshot_masked"]):
        assert Path(path).is_absolute()
        assert Path(path).is_file()
    assert len(result["report_id"]) == len(result["digest"]) == 64


def test_a_leaver_who_is_held_back_makes_it_exit_1_though_all_was_read(first: Ran) -> None:
    assert first.last["complete"]
    assert first.last["held_back"] == 1
    assert first.code == 1


def test_talk_goes_to_stderr_and_is_no_traceback(first: Ran) -> None:
    assert first.out.count("\n") == 1
    assert "Prefect" in first.err  # it says which server it uses
    assert "Traceback" not in first.err


def test_what_it_counts_is_what_the_world_holds(first: Ran, state: dict[str, Any]) -> None:
    result, systems = first.last, sum(user["is_system"] for user in state["users"].values())

    assert result["members"] == len(state["users"]) + len(state["invites"])
    assert result["assets"] == len(state["assets"])
    assert result["grants"] == sum(len(assets) for assets in state["grants"].values())
    assert result["people"] == result["directory"][0]["people"] == len(state["directory"])
    assert sum(result["tabs"].values()) == result["members"]
    assert result["tabs"]["system"] == systems
    assert result["tabs"]["pending"] == len(state["invites"])
    assert result["tabs"]["deprovisioned"] == sum(len(state["stories"][s]["member_ids"]) for s in LEAVERS)
    assert result["tabs"]["guest"] == len(state["stories"]["freelancer"]["member_ids"])
    listed = {edge["edge"]: edge for edge in result["edges"]}
    assert listed["business_users"]["rows"] == listed["business_users"]["total"] == 40
    assert listed["system_users"]["rows"] == systems
    assert all(edge["complete"] for edge in listed.values())
    assert (
        sum(edge["rows"] for name, edge in listed.items() if name.startswith("assigned_")) == result["grants"]
    )


def test_the_snapshot_holds_every_grant_of_the_world_and_no_other(first: Ran, state: dict[str, Any]) -> None:
    found = rows(first.last["snapshot"], "select member_id, asset_id, tasks from roster.grants")

    assert {(member, asset): set(tasks) for member, asset, tasks in found} == {
        (member, asset): set(tasks)
        for member, assets in state["grants"].items()
        for asset, tasks in assets.items()
    }


def test_nobody_is_linked_to_a_wrong_person(first: Ran, state: dict[str, Any]) -> None:
    links = rows(
        first.last["snapshot"],
        "select m.member_id, l.person_id from roster.links l join roster.members m using (hub, stay_id)"
        " where l.outcome = 'matched' and l.valid_to is null and m.valid_to is null",
    )
    key = state["answer_key"]

    assert links
    assert {member: person for member, person in links if key[member]["person_id"] != person} == {}
    assert all(key[member]["truth"] == "match" for member, _ in links)


def test_who_shows_the_address_that_the_directory_has_is_linked(first: Ran, state: dict[str, Any]) -> None:
    known = {person["primary_email"]: person["person_id"] for person in state["directory"]}
    shown = {
        user["id"]: known[user["email"]]
        for user in state["users"].values()
        if user["email"] in known and not user["email_hidden"] and not user["is_system"]
    }
    linked = dict(
        rows(
            first.last["snapshot"],
            "select member_id, person_id from roster.members"
            " where person_id is not null and valid_to is null",
        )
    )

    assert len(shown) > 10
    assert {member: linked.get(member) for member in shown} == shown


def test_what_was_done_by_hand_between_two_checks_is_told_and_nothing_else(
    here: Office, state: dict[str, Any], deeds: dict[str, str], first: Ran, second: Ran
) -> None:
    result = second.last
    lost = len(state["grants"][deeds["gone"]]) + 1

    assert first.last["changes"] == {}  # the baseline
    assert result["complete"]
    assert {kind: n for kind, n in result["changes"].items() if n} == {
        "member_gone": 1,
        "role_changed": 1,
        "grant_gone": 1,
    }
    assert result["members"] == first.last["members"] - 1
    assert result["grants"] == first.last["grants"] - lost
    assert result["report_id"] != first.last["report_id"]
    assert result["snapshot"] != first.last["snapshot"]
    told = {change["kind"]: change["about"] for change in here.report(result)["changes"]}
    assert told["role_changed"] == state["users"][deeds["promoted"]]["name"]
    assert told["member_gone"] == state["users"][deeds["gone"]]["name"]


def test_an_edge_that_meta_refuses_is_told_and_the_last_snapshot_stands(second: Ran, spoilt: Ran) -> None:
    result = spoilt.last

    assert spoilt.code == 1
    assert set(result) == KEYS
    assert not result["complete"]
    assert [edge["edge"] for edge in result["edges"] if not edge["complete"]] == ["owned_pages"]
    assert result["changes"] == {}
    for count in ("members", "assets", "grants", "people", "snapshot", "snapshot_masked"):
        assert result[count] == second.last[count]
    assert "Traceback" not in spoilt.err


@pytest.fixture(scope="module")
def elsewhere(world: World, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Another office on the same hub, which was never checked from there."""
    return office(tmp_path_factory.mktemp("elsewhere"), world)


@pytest.fixture(scope="module")
def rejected(elsewhere: Office) -> Ran:
    """A first check with a token that Meta doesn't know."""
    return elsewhere.check(AGENCY_TOKEN="taken-back")


def test_a_token_that_meta_rejects_is_told_in_the_object_and_in_one_line(rejected: Ran) -> None:
    result = rejected.last

    assert rejected.code == 1
    assert set(result) == KEYS
    assert not result["complete"]
    assert result["snapshot"] is None
    assert result["snapshot_masked"] is None
    assert (result["members"], result["grants"]) == (0, 0)
    assert "Traceback" not in rejected.err
    assert sum("code 190" in line for line in rejected.err.splitlines()) == 1
    assert "taken-back" not in rejected.out + rejected.err


def test_a_report_of_what_could_not_be_read_promises_nothing(elsewhere: Office, rejected: Ran) -> None:
    told = elsewhere.run("report", "agency")

    assert told.code == 0, told.err
    assert "not complete" in told.out
    assert "Invalid OAuth access token" in told.out
    assert "No leaver is known to hold a seat, but not everything was read" in told.out
    assert "There was no complete check yet" in told.out


@contextmanager
def held(warehouse: Path) -> Iterator[int]:
    """Hold a warehouse open for writing from another process, and yield its id."""
    code = (
        "import duckdb, sys; con = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-uc", code, warehouse], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        try:
            yield holder.pid
        finally:
            holder.kill()


def test_a_warehouse_that_another_process_holds_is_one_line_with_its_number(here: Office, first: Ran) -> None:
    with held(here.folder / ".hubroster" / "warehouse.duckdb") as pid:
        ran = here.check()

    assert_one_line(ran, f"process {pid} ", "waited 1 s")


def test_a_hub_that_is_not_in_the_configuration_is_one_line(here: Office) -> None:
    ran = here.run("check", "acme", "--json")

    assert_one_line(ran, "acme", "agency")
    assert ran.err.count("\n") == 1


def test_no_configuration_is_one_line(tmp_path: Path) -> None:
    ran = hubroster("check", "agency", "--json", cwd=tmp_path)

    assert_one_line(ran, str(tmp_path / "hubroster.toml"))
    assert ran.err.count("\n") == 1


def test_a_token_that_is_not_set_is_one_line(here: Office) -> None:
    assert_one_line(here.check(AGENCY_TOKEN=""), "env:AGENCY_TOKEN")
