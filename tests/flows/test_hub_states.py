"""How a hub stands, in one word: by what its last checks left in the warehouse."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.hubs.states import _state, hub_states
from flows.settings import load_settings
from tasks.warehouse.connect import warehouse

HUB = """
[[hubs]]
label = "{label}"
business_id = "{business}"
app_id = "1"
token = "env:T"
"""
CHECK = "insert into checks (check_id, hub, started_at, finished_at, complete) values (?, ?, {}, {}, ?)"
NEW = datetime(2026, 11, 24, 5, tzinfo=UTC)
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


def test_a_hub_with_seats_that_nobody_is_known_for_is_not_in_order() -> None:
    assert _state(NEW, NEW, {"onboarded": 3, "unmatched": 1}, NEW) == "unmatched"
    assert _state(NEW, NEW, {"deprovisioned": 1, "unmatched": 1}, NEW) == "leavers"
    assert _state(NEW, NEW, {"onboarded": 3, "pending": 1}, NEW) == "in order"
