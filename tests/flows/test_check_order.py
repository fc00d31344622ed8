"""Checks that crash, cross each other, or live through a clock that goes back: no change is lost."""

from pathlib import Path

import duckdb
import pytest

from tests.flows.plain_rows import RowsWorkspace, member, person, rows_workspace

STAFF = [person(n, f"Colleague Number{n}") for n in range(1, 30)]


def seat(number: int, **more: object) -> dict[str, object]:
    address = STAFF[number - 1]["primary_email"]
    return {**member(number, STAFF[number - 1]["display_name"], email=address), **more}


def world(*numbers: int, **edges: list[dict[str, object]]) -> dict[str, list[dict[str, object]]]:
    return {"business_users": [seat(number) for number in numbers], **edges}


ONE, TWO, THREE = world(1), world(1, 2), world(1, 2, 3)


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RowsWorkspace:
    made = rows_workspace(tmp_path, monkeypatch, hubs=("acme", "umbra"))
    made.people(*STAFF)
    return made


def about(check: object) -> list[str]:
    return [who for _, who in check.changes]  # type: ignore[attr-defined]


def test_the_first_complete_check_is_the_baseline_also_after_an_incomplete_one(hub: RowsWorkspace) -> None:
    first = hub.check(ONE, incomplete={"owned_pages": ()})
    second = hub.check(TWO)
    third = hub.check(THREE)

    assert (first.complete, first.report["check"]["baseline"], first.changes) == (False, False, [])
    assert (second.complete, second.report["check"]["baseline"], second.changes) == (True, True, [])
    assert (third.report["check"]["baseline"], about(third)) == (False, ["Colleague Number3"])


def test_a_check_that_dies_after_the_merge_loses_no_change_and_doubles_none(hub: RowsWorkspace) -> None:
    hub.check(ONE)
    hub.read(TWO).load()
    after = hub.check(TWO)
    again = hub.check(TWO)

    assert after.changes == [("member_added", "Colleague Number2")]
    assert again.changes == []


def test_changes_of_a_check_that_was_not_complete_are_told_again_by_the_next_complete_one(
    hub: RowsWorkspace,
) -> None:
    hub.check(ONE)
    hub.check(TWO, incomplete={"owned_pages": ()})
    complete = hub.check(TWO)

    assert about(complete) == ["Colleague Number2"]


@pytest.mark.parametrize("first_to_end", ["early", "late"])
def test_two_checks_of_one_hub_that_cross_tell_each_change_and_agree(
    hub: RowsWorkspace, first_to_end: str
) -> None:
    hub.check(ONE)
    early, late = hub.read(TWO), hub.read(THREE)
    early.load()
    late.load()
    for check in (early, late) if first_to_end == "early" else (late, early):
        check.match().draw().conclude()
    after = hub.check(THREE)

    assert about(early) == ["Colleague Number2"]
    assert "Colleague Number3" in about(late)
    assert after.changes == []
    assert after.digest == late.digest


def test_a_check_that_is_overtaken_before_its_merge_brings_nobody_back_for_good(hub: RowsWorkspace) -> None:
    hub.check(THREE)
    early = hub.read(THREE)
    late = hub.check(TWO)
    early.whole()
    after = hub.check(TWO)

    assert about(late) == ["Colleague Number3"]
    assert hub.rows("select count(*) from members where valid_to is null") == [(2,)]
    assert after.digest == late.digest


def test_a_departure_read_for_one_hub_is_told_in_every_hub_once(hub: RowsWorkspace) -> None:
    hub.check(TWO)
    hub.check(ONE, label="umbra")
    hub.people({**STAFF[0], "status": "deprovisioned"}, *STAFF[1:])
    told = [hub.check(TWO), hub.check(ONE, label="umbra"), hub.check(TWO), hub.check(ONE, label="umbra")]

    assert [check.changes for check in told] == [[("person_left", "Colleague Number1")]] * 2 + [[], []]
    assert [check.proposed("remove") for check in told] == [["1"]] * 4


def test_a_departure_that_another_hubs_check_reads_meanwhile_is_told_once(hub: RowsWorkspace) -> None:
    hub.check(TWO)
    hub.check(ONE, label="umbra")
    acme = hub.read(TWO).load()
    hub.people({**STAFF[0], "status": "deprovisioned"}, *STAFF[1:])
    hub.check(ONE, label="umbra")
    acme.match().draw().conclude()
    after = hub.check(TWO)

    assert [*acme.changes, *after.changes] == [("person_left", "Colleague Number1")]


def test_changes_are_told_in_order_where_the_clock_goes_back(hub: RowsWorkspace) -> None:
    hub.move_clock(86400)
    hub.people(*STAFF)
    hub.check(ONE)
    hub.move_clock(0)
    hub.people({**STAFF[0], "status": "deprovisioned"}, *STAFF[1:])
    back = hub.check(TWO)
    again = hub.check(TWO)

    assert set(back.changes) == {("member_added", "Colleague Number2"), ("person_left", "Colleague Number1")}
    assert back.proposed("remove") == ["1"]
    assert again.changes == []


def test_a_shrunken_directory_is_refused_where_the_clock_went_back_too(hub: RowsWorkspace) -> None:
    hub.move_clock(86400)
    hub.people(*STAFF[:10])
    hub.check(ONE)
    hub.move_clock(0)
    hub.people(*STAFF)
    hub.check(ONE)
    hub.people(*STAFF[:12])
    cut = hub.check(ONE)

    assert not cut.directory[0].accepted


def test_a_warehouse_of_an_older_version_is_brought_up_to_date_by_a_check(hub: RowsWorkspace) -> None:
    hub.check(ONE)
    with duckdb.connect(str(hub.warehouse)) as con:
        con.execute("alter table directory_reads drop column columns")
        con.execute("alter table checks drop column waited_s")
        con.execute("drop table weighed")
        con.execute("delete from schema_migrations where number > 2")

    assert hub.check(TWO).changes == [("member_added", "Colleague Number2")]
