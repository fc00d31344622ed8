"""`hubroster check LABEL --json` against a world in another process, compared with that world's state."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.e2e.processes import CHECK_KEYS, Office, Ran, World, office

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


def test_the_last_line_is_one_object_with_exactly_the_keys_that_scripts_read(first: Ran) -> None:
    result = first.last

    assert set(result) == CHECK_KEYS
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


@pytest.mark.thorough  # tests/flows/test_check.py has each deed
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


@pytest.mark.thorough  # tests/flows/test_check.py has each edge
def test_an_edge_that_meta_refuses_is_told_and_the_last_snapshot_stands(second: Ran, spoilt: Ran) -> None:
    result = spoilt.last

    assert spoilt.code == 1
    assert set(result) == CHECK_KEYS
    assert not result["complete"]
    assert [edge["edge"] for edge in result["edges"] if not edge["complete"]] == ["owned_pages"]
    assert result["changes"] == {}
    for count in ("members", "assets", "grants", "people", "snapshot", "snapshot_masked"):
        assert result[count] == second.last[count]
    assert "Traceback" not in spoilt.err
