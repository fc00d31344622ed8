"""Clocks that jump between checks, ours and Meta's together: nobody goes, and history stays in order."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from deployments.sandbox.build import WorldPlan
from deployments.sandbox.server import Sandbox
from tests.flows.plain_check import BoxWorkspace, Check, box_workspace
from tests.reliability.facts import open_facts
from tests.reliability.truth import assert_all_is_there, assert_nobody_is_told_gone

pytestmark = pytest.mark.thorough

DAY = 86_400.0
SMALL = WorldPlan(seed=7, members=16, pages=4, ad_accounts=3, directory=30)
DAYS = (1, 31, 365, -1, -31, -365)
# No interval ends before it begins, and none of a key begins before the last one ended.
DISORDER = """
select count(*) from (
    select valid_from, valid_to, lag(valid_to) over same as ended
    from members
    window same as (partition by hub, kind, member_id order by valid_from)
) where valid_to < valid_from or valid_from < ended
"""
FIELDS = ("members", "assets", "grants", "people", "tabs", "held_back")


@pytest.fixture
def agency(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BoxWorkspace]:
    with Sandbox(SMALL) as box, box_workspace(tmp_path / "w", monkeypatch, box) as made:
        yield made


def assert_stands(agency: BoxWorkspace, check: Check, first: Check) -> None:
    """Assert that a check after a jump says what the first one said, of a world in which nothing was done."""
    assert check.complete
    assert {name: check.told[name] for name in FIELDS} == {name: first.told[name] for name in FIELDS}
    assert [kind for kind, _ in check.changes if kind.endswith(("gone", "left", "added"))] == []
    assert check.proposed("remove") == first.proposed("remove")
    assert_nobody_is_told_gone(agency.box.world, check)
    assert_all_is_there(agency.box.world, open_facts(agency.warehouse), whole=True)
    assert agency.rows(DISORDER) == [(0,)]


@pytest.mark.parametrize("days", DAYS)
def test_a_jump_and_the_way_back_lose_nobody(agency: BoxWorkspace, days: int) -> None:
    first = agency.check()
    agency.move_clock(days * DAY)
    moved = agency.check()
    agency.move_clock(0)
    back = agency.check()

    for check in (moved, back):
        assert_stands(agency, check, first)
    with duckdb.connect(back.told["snapshot"], read_only=True) as con:
        assert con.execute("select count(*) from roster.members where valid_to is null").fetchone() == (
            back.told["members"],
        )


@pytest.mark.parametrize("days", [31, -31])
def test_what_was_done_about_a_jump_is_told_once(agency: BoxWorkspace, days: int) -> None:
    """Somebody is removed at Meta before the jump, and somebody after it."""
    first = agency.check()
    told = {member for story in agency.box.world.stories.values() for member in story["member_ids"]}
    one, two = sorted(
        user.id for user in agency.box.world.users.values() if not user.is_system and user.id not in told
    )[:2]
    agency.admin(f"members/{one}/remove")
    agency.move_clock(days * DAY)
    moved = agency.check()
    agency.move_clock(0)
    agency.admin(f"members/{two}/remove")
    back = agency.check()

    assert [kind for kind, _ in moved.changes].count("member_gone") == 1
    assert [kind for kind, _ in back.changes].count("member_gone") == 1
    assert back.told["members"] == first.told["members"] - 2
    assert agency.rows(DISORDER) == [(0,)]
    assert_all_is_there(agency.box.world, open_facts(agency.warehouse), whole=True)
