"""What `members` says of one member, and a sheet that no spreadsheet runs."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from deployments.cli.members import _cells, _safe

BERLIN = ZoneInfo("Europe/Berlin")


def row(**changes: Any) -> dict[str, Any]:
    return {
        "kind": "user", "member_id": "100", "name": "Ana", "email": None, "role": "ADMIN",
        "tab": "onboarded", "person_name": "Ana Ruiz", "person_email": "ana@x.example", "person_id": "7",
        "person_status": "active",
        "hub_role": "owner", "status": None, "created_at": None, "joined_at": "2026-01-02T03:04:05+00:00",
        "invited_at": None,
        "expires_at": None, "two_fac_status": "enabled", "assets": 9,
    } | changes  # fmt: skip


@pytest.mark.parametrize("name", ["=1+1", "+49 30", "-2", "@SUM(A1)", " =1", "\uff1d1"])
def test_what_a_spreadsheet_would_take_for_a_formula_is_quoted(name: str) -> None:
    assert _safe(name) == f"'{name}"


def test_what_steers_a_terminal_or_hides_the_formula_does_not_come_into_the_sheet() -> None:
    assert _safe("\t=1") == "'\ufffd=1"
    assert _safe("\u202e=1") == "'\ufffd=1"
    assert _safe("A\x1b]0;x\x07\u200bna") == "A\ufffd]0;x\ufffd\ufffdna"


def test_an_ordinary_name_stays_as_it_is() -> None:
    assert _safe("Ana Ruiz") == "Ana Ruiz"
    assert _safe(9) == 9


def test_a_member_is_told_in_the_words_of_metas_settings() -> None:
    assert _cells(row(), BERLIN) == [
        "Ana", "100", "not shown", "onboarded", "Ana Ruiz", "owner", "Full control", "first seen 2026-01-02",
        "enabled", "9",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("status", "since"), [("PENDING", "invited 2026-11-01"), ("EXPIRED", "expired 2026-11-20")]
)
def test_an_invitation_says_when_it_was_sent_or_ran_out(status: str, since: str) -> None:
    times = {"invited_at": "2026-11-01T00:00:00+00:00", "expires_at": "2026-11-20T00:00:00+00:00"}

    assert _cells(row(kind="pending", status=status, **times), BERLIN)[7] == since


def test_days_are_those_of_the_workspace_and_a_day_that_meta_tells_is_no_first_sight() -> None:
    late = "2026-01-02T23:30:00+00:00"

    assert _cells(row(joined_at=late, created_at=late), BERLIN)[7] == "made 2026-01-03"
    assert _cells(row(joined_at=None), BERLIN)[7] == ""


def test_what_has_no_name_shows_no_number_for_one_and_a_program_no_address() -> None:
    assert _cells(row(kind="pending", name=None), BERLIN)[:2] == ["(invitation)", "100"]
    assert _cells(row(kind="system"), BERLIN)[2] == ""


def test_a_person_who_is_not_active_is_marked() -> None:
    assert _cells(row(person_status="deprovisioned"), BERLIN)[4] == "Ana Ruiz (deprovisioned)"
