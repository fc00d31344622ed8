"""Whole checks between which the directory spoils: nobody goes by it, and it leaves no trace."""

from pathlib import Path

import pytest

from tests.flows.plain_check import Check
from tests.flows.plain_rows import RowsWorkspace, member, person, rows_workspace
from tests.reliability.directory_spoilt import CLEAN, NAMES, SPOILT, Spoilt

pytestmark = pytest.mark.thorough

ADDRESSES = [f"{name.lower().replace(' ', '.')}@northwind.example" for name in NAMES]
WORLD = {
    "business_users": [
        member(n, name, email=address, role="ADMIN" if n < 3 else "EMPLOYEE")
        for n, (name, address) in enumerate(zip(NAMES, ADDRESSES, strict=True), 1)
    ]
}
HUGO = "8"  # he left, and still holds a seat
SOME = (
    "cut after the id",
    "cut before the status",
    "cut after half of the people",
    "status renamed",
    "re-keyed",
    "ids slipped by one",
)
NOW = """
select source, person_id, display_name, primary_email, status from people where valid_to is null order by all
"""


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RowsWorkspace:
    made = rows_workspace(tmp_path, monkeypatch)
    (made.folder / "people.csv").write_text(CLEAN)
    return made


def spoil(hub: RowsWorkspace, case: Spoilt) -> None:
    (hub.folder / "people.csv").write_bytes(case.data)


def assert_nobody_goes(check: Check, before: Check) -> None:
    """Assert that the check asks for help, and that who is known to have left is held back, not forgotten."""
    assert not check.directory[0].accepted
    assert check.asks_for_help
    assert (check.proposed("remove"), check.proposed("resolve"), list(check.held)) == ([], [], [HUGO])
    assert check.changes == []
    assert [check.seat(str(n))["tab"] for n in range(1, 9)] == [
        before.seat(str(n))["tab"] for n in range(1, 9)
    ]


def test_a_spoilt_file_between_two_good_ones_leaves_no_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the strictest source, one where to be absent means to have left."""
    hub = rows_workspace(tmp_path, monkeypatch, absence="left")
    (hub.folder / "people.csv").write_text(CLEAN)
    before = hub.check(WORLD)
    people = hub.rows(NOW)
    for case in [case for case in SPOILT if case.name in SOME]:
        spoil(hub, case)
        assert_nobody_goes(hub.check(WORLD), before)
        assert hub.rows(NOW) == people, case
        (hub.folder / "people.csv").write_text(CLEAN)
        after = hub.check(WORLD)
        assert before.proposed("remove") == after.proposed("remove") == [HUGO]
        assert (after.digest, after.changes, hub.rows(NOW)) == (before.digest, [], people), case

    assert hub.rows("select count(*) from people where valid_to is not null") == [(0,)]


def test_every_case_that_is_named_here_is_told_there() -> None:
    assert set(SOME) <= {case.name for case in SPOILT}


def test_a_file_that_slipped_at_first_is_put_right_by_the_second_export_a_day_later(
    hub: RowsWorkspace,
) -> None:
    """What was accepted first was wrong; the right file would else be refused for ever.

    The links that were made meanwhile follow the ids, and the addresses now contradict them: people decide.
    """
    (slipped,) = [case for case in SPOILT if case.name == "ids slipped by one"]
    spoil(hub, slipped)
    hub.check(WORLD)
    (hub.folder / "people.csv").write_text(CLEAN)
    at_once = hub.check(WORLD)
    hub.move_clock(21 * 3600)
    the_same_file = hub.check(WORLD)
    hub.people(*_rows())
    another = hub.check(WORLD)

    assert "slipped" in str(at_once.directory[0].reason)
    assert not the_same_file.directory[0].accepted
    assert (another.directory[0].accepted, another.proposed("remove")) == (True, [])
    assert HUGO in another.proposed("resolve")


def _rows() -> list[dict[str, str]]:
    header, *lines = CLEAN.splitlines()
    return [dict(zip(header.split(","), line.split(","), strict=True)) for line in lines]


@pytest.mark.parametrize("column", ["primary_email", "aliases"])
def test_an_address_that_two_people_have_links_nobody(hub: RowsWorkspace, column: str) -> None:
    """One of the two may have left: neither is guessed."""
    shared = "shared@northwind.example"
    twins = [person(90, "Ida One"), {**person(91, "Ida Two"), "status": "deprovisioned"}]
    twins[0]["primary_email"] = shared
    twins[1][column] = shared
    hub.people(*_rows(), *twins)
    found = hub.check({"business_users": [*WORLD["business_users"], member(9, "Ida", email=shared)]})

    assert found.directory[0].accepted
    assert found.proposed("remove") == [HUGO]
    assert found.proposed("resolve") == ["9"]
    assert found.seat("9")["person_id"] is None
