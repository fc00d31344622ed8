"""How a hub stands, in one word: by what its last checks left in the warehouse."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.hubs.states import hub_states
from flows.settings import load_settings
from flows.watch.metrics import numbers
from flows.watch.runs import runs_in_books
from tasks.warehouse.connect import warehouse
from tests.flows.plain_rows import RowsWorkspace, member, person, rows_workspace

HUB = """
[[hubs]]
label = "{label}"
business_id = "{business}"
app_id = "1"
token = "env:T"
"""
CHECK = "insert into checks (check_id, hub, started_at, finished_at, complete) values (?, ?, {}, {}, ?)"
NOW, LONG_AGO = "now()", "now() - interval 3 day"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HUBROSTER_CONFIG", str(tmp_path / "hubroster.toml"))
    monkeypatch.delenv("HUBROSTER_HOME", raising=False)
    head = '[workspace]\nname = "Northwind"\n[[directory]]\npath = "people.csv"\n'
    hubs = (HUB.format(label=f"hub{n}", business=n) for n in range(5))
    (tmp_path / "hubroster.toml").write_text(head + "".join(hubs))
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_before_any_check_all_are_never_checked() -> None:
    rows = hub_states(load_settings())

    assert {(row["state"], row["members"], row["last_check_at"]) for row in rows} == {
        ("never checked", 0, None)
    }


@pytest.mark.usefixtures("folder")
def test_the_first_that_holds_is_told() -> None:
    with warehouse(load_settings().warehouse_path) as con:
        for label in ("hub0", "hub1", "hub2", "hub3"):
            con.execute("insert into hubs (hub, business_id) values (?, '1')", [label])
        con.execute(CHECK.format(NOW, NOW), ["a", "hub0", True])
        con.execute(CHECK.format(NOW, NOW), ["b", "hub1", False])
        con.execute(CHECK.format(LONG_AGO, LONG_AGO), ["c", "hub2", True])
        con.execute(CHECK.format(NOW, "null"), ["d", "hub3", None])
    rows = hub_states(load_settings())

    assert {row["hub"]: row["state"] for row in rows} == {
        "hub0": "in order",
        "hub1": "incomplete",
        "hub2": "late",
        "hub3": "incomplete",
        "hub4": "never checked",
    }
    assert [row["hub"] for row in rows] == [
        "hub4",
        "hub2",
        "hub1",
        "hub3",
        "hub0",
    ]  # who needs somebody first


ANA, BEN, EVE = (person(n, name) for n, name in enumerate(("Ana Ruiz", "Ben Oz", "Eve Stone"), 1))
LEFT = {**EVE, "status": "deprovisioned"}
SEATS = [member(10 + n, who["display_name"], email=who["primary_email"]) for n, who in enumerate((ANA, BEN))]
OF_EVE = member(12, "Eve Stone", email=EVE["primary_email"])
INVITED = {"id": "77", "email": EVE["primary_email"], "role": "EMPLOYEE", "status": "PENDING"}


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RowsWorkspace:
    made = rows_workspace(tmp_path, monkeypatch)
    made.people(ANA, BEN, EVE)
    return made


def stands(hub: RowsWorkspace, *users: dict[str, Any], **edges: list[dict[str, Any]]) -> tuple[str, int]:
    hub.check({"business_users": [*SEATS, *users], **edges})
    (row,) = hub_states(load_settings())
    return row["state"], row["leavers"]


def test_a_hub_with_seats_that_nobody_is_known_for_is_not_in_order(hub: RowsWorkspace) -> None:
    assert stands(hub) == ("in order", 0)
    assert stands(hub, member(13, "Somebody Else")) == ("unmatched", 0)
    hub.people(ANA, BEN, LEFT)
    assert stands(hub, OF_EVE, member(13, "Somebody Else")) == ("leavers", 1)


def test_neither_is_one_to_which_a_leaver_is_invited(hub: RowsWorkspace) -> None:
    assert stands(hub, pending_users=[INVITED]) == ("in order", 0)
    hub.people(ANA, BEN, LEFT)
    assert stands(hub, pending_users=[INVITED]) == ("leavers", 1)


def test_nor_one_whose_member_the_directory_has_lost(hub: RowsWorkspace) -> None:
    stands(hub, OF_EVE)
    hub.people(ANA, BEN)
    assert stands(hub, OF_EVE) == ("missing", 0)
    hub.people(ANA, BEN, EVE)
    assert stands(hub, OF_EVE) == ("in order", 0)
    hub.config.write_text(hub.config.read_text().replace("people.csv", "staff.csv"))
    hub.people(ANA, BEN, file="staff.csv")
    assert stands(hub, OF_EVE) == ("missing", 0)


def test_nor_one_that_was_checked_by_yesterday_s_directory(hub: RowsWorkspace) -> None:
    """Who left since is not known, so nobody can say that all is well."""
    stands(hub)
    hub.people(ANA, BEN, EVE, at=datetime.now(UTC) - timedelta(days=5))
    assert stands(hub) == ("directory refused", 0)
    assert numbers(load_settings()).hubs["directory_refused"] == {"acme": 1}
    assert "older directory" in runs_in_books(load_settings(), 1)[0].why
    hub.people(ANA, BEN, EVE)
    assert stands(hub) == ("in order", 0)
    assert numbers(load_settings()).hubs["directory_refused"] == {"acme": 0}


def test_a_hub_that_was_never_read_whole_has_a_number_that_alerts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`time() - last_complete_check_seconds` of a number that is not there is never too much."""
    hub = rows_workspace(tmp_path, monkeypatch, hubs=("acme", "later"))
    before = numbers(load_settings()).hubs["last_complete_check_seconds"]
    hub.people(person(1, "Ana Ruiz"))
    hub.check({"business_users": [member(11, "Ana Ruiz")]})
    after = numbers(load_settings()).hubs["last_complete_check_seconds"]

    assert (before, after["later"], after["acme"] > 0) == ({"acme": 0, "later": 0}, 0, True)


def test_a_leaver_counts_whom_the_source_with_the_word_knows_by_another_id(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first source says nothing of statuses, the second that she left: the report asks to remove her."""
    hub = rows_workspace(tmp_path, monkeypatch, sources=("staff.csv", "accounts.csv"))
    ana, eve = person(1, "Ana Ruiz"), person(3, "Eve Stone")
    hub.people(*({**one, "status": ""} for one in (ana, eve)), file="staff.csv")
    hub.people(
        {**ana, "person_id": "u1"}, {**eve, "person_id": "u3", "status": "deprovisioned"}, file="accounts.csv"
    )
    seats = [member(11, "Ana Ruiz", email=ana["primary_email"]), member(13, "Eve Stone")]
    found = hub.check({"business_users": [seats[0], {**seats[1], "email": eve["primary_email"]}]})
    (row,) = hub_states(load_settings())

    assert found.proposed("remove") == ["13"]
    assert (row["state"], row["leavers"]) == ("leavers", 1)


def test_nor_is_one_in_order_with_one_who_left_by_a_source_that_has_not_the_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = rows_workspace(tmp_path, monkeypatch, sources=("staff.csv", "accounts.csv"))
    hub.people(EVE, file="staff.csv")
    hub.people(EVE, file="accounts.csv")
    hub.check({"business_users": [OF_EVE]})
    (before,) = hub_states(load_settings())
    hub.people(LEFT, file="accounts.csv")
    found = hub.check({"business_users": [OF_EVE]})
    (after,) = hub_states(load_settings())

    assert (before["state"], found.found("left_elsewhere")) == ("in order", ["12"])
    assert (after["state"], after["left_elsewhere"]) == ("sources disagree", 1)
