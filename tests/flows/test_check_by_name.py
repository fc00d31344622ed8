"""Links by name in checks: where nothing depends on it, told when made, asked about when that changes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deployments.sandbox.build import WorldPlan
from deployments.sandbox.server import Sandbox
from tests.flows.plain_check import BoxWorkspace, Check, box_workspace

CYRIL = {"given_name": "Cyrilla", "family_name": "Okaforsson", "display_name": "Cyrilla Okaforsson"}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BoxWorkspace]:
    plan = WorldPlan(seed=3, members=12, directory=60)
    with Sandbox(plan) as box, box_workspace(tmp_path, monkeypatch, box) as made:
        yield made


def bearer(desk: BoxWorkspace, **more: Any) -> str:
    """Give somebody in the directory without a seat a name that nobody shares; return the person's id."""
    taken = {user.email for user in desk.box.world.users.values()}
    person = next(
        one["person_id"]
        for one in desk.box.world.directory
        if one["status"] == "active" and one["primary_email"] not in taken and not one["aliases"]
        if one["given_name"] != CYRIL["given_name"]
    )
    desk.admin(f"directory/{person}", CYRIL | more)
    return str(person)


def seat(desk: BoxWorkspace, **more: Any) -> str:
    return str(desk.admin("members", {"name": "Cyrilla Okaforsson", **more})["id"])


def named(check: Check) -> dict[str, str]:
    """Return whom the report tells as recognised by name: member id to person id."""
    told = [f for f in check.report["findings"] if f["kind"] == "linked_by_name"]
    return {f["member"]["member_id"]: f["person"]["person_id"] for f in told}


def test_a_link_by_name_is_told_once_and_then_stands(desk: BoxWorkspace) -> None:
    person, member = bearer(desk), seat(desk)

    first, second = desk.check(), desk.check()

    assert named(first)[member] == person
    assert first.seat(member)["tab"] == "onboarded"
    assert member not in first.proposed("resolve")
    assert named(second) == {}
    assert second.seat(member)["person_id"] == person
    assert second.digest == first.digest
    assert desk.rows("select count(*) from links where valid_to is not null") == [(0,)]


def test_who_leaves_after_a_link_by_name_is_proposed_for_removal(desk: BoxWorkspace) -> None:
    person, member = bearer(desk), seat(desk)
    desk.check()
    desk.admin(f"directory/{person}", {"status": "deprovisioned"})

    after = desk.check()

    (removal,) = [p for p in after.report["proposals"] if p["member"]["member_id"] == member]
    assert removal["kind"] == "remove"
    assert removal["link"]["rule"] == "name"  # the approver sees that it rests on the name alone


def test_who_left_already_is_asked_about(desk: BoxWorkspace) -> None:
    bearer(desk, status="deprovisioned")
    member = seat(desk)

    check = desk.check()

    assert member in check.proposed("resolve")
    assert member not in named(check)


@pytest.mark.parametrize("power", ["role", "money", "control"])
def test_where_it_matters_a_name_is_never_enough(desk: BoxWorkspace, power: str) -> None:
    bearer(desk)
    more = {"role": {"role": "ADMIN"}, "money": {"finance_permission": "EDITOR"}, "control": {}}[power]
    member = seat(desk, **more)
    if power == "control":
        page = next(one.id for one in desk.box.world.assets.values() if one.kind == "page")
        desk.admin("grants", {"user": member, "asset": page, "tasks": ["MANAGE"]})

    check = desk.check()

    assert member in check.proposed("resolve")
    assert member not in named(check)


def test_who_is_given_power_after_a_link_by_name_is_asked_about(desk: BoxWorkspace) -> None:
    bearer(desk)
    member = seat(desk)
    linked = desk.check()
    desk.admin(f"members/{member}/role", {"role": "ADMIN"})

    after = desk.check()

    assert member in named(linked)
    assert member in after.proposed("resolve")
    assert after.seat(member)["tab"] == "unmatched"


def test_who_takes_the_name_of_a_colleague_is_asked_about(desk: BoxWorkspace) -> None:
    bearer(desk)
    member = seat(desk, name="Somebody Else")
    desk.check()
    desk.admin(f"members/{member}", {"name": "Cyrilla Okaforsson"})

    after = desk.check()

    assert member in after.proposed("resolve")
    assert member not in named(after)


def test_while_the_rights_are_unread_nobody_new_is_linked_and_nobody_is_unlinked(desk: BoxWorkspace) -> None:
    bearer(desk)
    member = seat(desk)
    blind = [{"edge": "assigned_pages", "times": 10_000, "fault": "code", "code": 200}]

    desk.admin("faults", blind)
    unread = desk.check()
    desk.admin("faults", [])
    read = desk.check()
    desk.admin("faults", blind)
    unread_again = desk.check()

    assert not unread.complete
    assert member not in named(unread)
    assert member in named(read)
    assert unread_again.seat(member)["tab"] == "onboarded"


def test_never_means_never(desk: BoxWorkspace) -> None:
    bearer(desk)
    member = seat(desk)
    desk.check()
    desk.config.write_text(desk.config.read_text() + '\n[policy]\nauto_match_by_name = "never"\n')

    assert member in desk.check().proposed("resolve")


def test_while_the_owners_decided_too_little_nobody_new_is_linked_and_the_report_says_why(
    desk: BoxWorkspace,
) -> None:
    bearer(desk)
    member = seat(desk)
    desk.config.write_text(desk.config.read_text() + "\n[policy]\nby_name_after = 30\n")
    check = desk.check()

    assert member in check.proposed("resolve")
    assert named(check) == {}
    [told] = [f for f in check.report["findings"] if f["kind"] == "by_name_off"]
    assert "0 of 30 decisions are made" in told["why"]


def test_a_leaver_does_not_get_off_the_list_by_another_name(desk: BoxWorkspace) -> None:
    person, member = bearer(desk), seat(desk)
    desk.check()
    desk.admin(f"directory/{person}", {"status": "deprovisioned"})
    desk.admin(f"members/{member}", {"name": "Zed Quux"})

    assert member in desk.check().proposed("remove")


def test_between_a_leaver_and_a_namesake_who_is_here_somebody_is_asked(desk: BoxWorkspace) -> None:
    person, member = bearer(desk), seat(desk)
    desk.check()
    namesake = bearer(desk)
    desk.admin(f"directory/{person}", {"status": "deprovisioned"})

    after = desk.check()

    (asked,) = [p for p in after.report["proposals"] if p["member"]["member_id"] == member]
    assert asked["kind"] == "resolve"
    assert asked["maybe_left"]
    assert {one["person"]["person_id"] for one in asked["candidates"]} >= {person, namesake}


@pytest.mark.parametrize("status", ["suspended"])
def test_who_is_not_active_is_asked_about(desk: BoxWorkspace, status: str) -> None:
    bearer(desk, status=status)
    member = seat(desk)

    assert member not in named(desk.check())


def test_while_the_directory_is_not_read_nobody_new_is_linked(desk: BoxWorkspace) -> None:
    bearer(desk)
    desk.check()
    member = seat(desk)
    good = desk.box.directory_path.read_bytes()
    desk.box.directory_path.write_bytes(b"")
    refused = desk.check()
    desk.box.directory_path.write_bytes(good)

    assert member not in named(refused)
    assert member in named(desk.check())
