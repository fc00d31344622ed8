"""Who came back and left once more: what Owners said about the first departure is not about the second."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.checking.standing import match_members
from matching.roster.decided import Decided, Exemption
from tests.flows.plain_check import Check
from tests.flows.plain_rows import RowsWorkspace, member, person, rows_workspace

ANA, BEN, EVE = (person(n, name) for n, name in enumerate(("Ana Ruiz", "Ben Oz", "Eve Stone"), 1))
LEFT = {**EVE, "status": "deprovisioned"}
WORLD: dict[str, Any] = {
    "business_users": [member(13, "Eve Stone", email=EVE["primary_email"])],
    "pending_users": [{"id": "77", "email": EVE["primary_email"], "role": "EMPLOYEE", "status": "PENDING"}],
}


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RowsWorkspace:
    made = rows_workspace(tmp_path, monkeypatch)
    made.people(ANA, BEN, LEFT)
    made.check(WORLD)
    return made


def decided_now(hub: RowsWorkspace, what: str) -> Decided:
    """Return what an Owner says now about the seat of Eve, who has left: she stays, or is excepted."""
    now = datetime.now(UTC)
    if what == "kept":
        asked = [p for p in hub.check(WORLD).report["proposals"] if p["member"]["member_id"] == "13"]
        return Decided(kept={asked[0]["subject"]: (asked[0]["evidence"], now)})
    until = now + timedelta(days=90)
    return Decided(exemptions=(Exemption("user", "13", now, until, "EMPLOYEE", frozenset(), True),))


def check(hub: RowsWorkspace, decided: Decided) -> Check:
    found = hub.read(WORLD).load()
    found.standing = match_members(found.job, decided)
    return found.draw().conclude()


@pytest.mark.parametrize("what", ["kept", "excepted"])
def test_who_was_let_stay_came_back_and_left_again_is_asked_about(hub: RowsWorkspace, what: str) -> None:
    decided = decided_now(hub, what)
    first = check(hub, decided)
    hub.people(ANA, BEN, EVE)
    check(hub, decided)
    hub.people(ANA, BEN, LEFT)
    again = check(hub, decided)

    assert ("13" in first.proposed("remove"), "13" in again.proposed("remove")) == (False, True)


def test_an_exception_holds_whatever_else_changes_about_who_is_gone(hub: RowsWorkspace) -> None:
    decided = decided_now(hub, "excepted")
    hub.people(ANA, BEN, {**LEFT, "title": "Alumna"})
    found = check(hub, decided)

    assert (found.seat("13")["tab"], found.found("leaver_exempted")) == ("exempted", ["13"])


def test_an_excepted_invitation_to_a_leaver_is_not_called_back(hub: RowsWorkspace) -> None:
    until = datetime.now(UTC) + timedelta(days=90)
    given = Exemption("pending", "77", datetime.now(UTC), until, "EMPLOYEE", frozenset(), True)
    found = check(hub, Decided(exemptions=(given,)))

    assert (found.proposed("remove"), found.found("leaver_exempted")) == (["13"], ["77"])
