"""What was approved is done once, and not when an Owner says stay while Meta is being read."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from flows.owners.actions import exempt, match
from flows.owners.member_requests import invite, remove
from matching.review.budget import over_budget
from tasks import boundaries
from tests.flows.owned_hub import OwnedHub, leaver, while_reading


def test_after_three_removals_from_thirty_one_of_them_can_be_restored() -> None:
    """What gives is never held back by what was taken: 3 of 30 are gone, so 10 % of 27 is less than 3."""
    assert over_budget(0, 0, (3, 0), members=27, members_last_week=30, admins=4) == ""
    assert over_budget(1, 0, (3, 0), members=27, members_last_week=30, admins=4) != ""


def test_a_keep_said_while_meta_is_read_again_stops_the_removal(
    owned: OwnedHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    change, seat = leaver(owned)
    owned.answer(0, change, "remove")
    while_reading(monkeypatch, lambda: owned.answer(1, change, "keep"))

    settled = owned.apply()

    assert settled[change].outcome == "withdrawn"
    assert owned.user(seat["member_id"]) is not None
    assert owned.writes() == []


def test_an_exception_made_while_meta_is_read_again_stops_the_removal(
    owned: OwnedHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    change, seat = leaver(owned)
    owned.answer(0, change, "remove")
    owned.login(1)
    day = (datetime.now(UTC) + timedelta(days=30)).date()
    while_reading(
        monkeypatch, lambda: exempt(owned.settings, "agency", seat["member_id"], day, "stays for the launch")
    )

    assert owned.apply() == {}
    assert owned.user(seat["member_id"]) is not None
    monkeypatch.setattr(boundaries, "on_boundary", None)
    assert owned.apply()[change].outcome == "withdrawn"
    assert owned.user(seat["member_id"]) is not None


def test_a_reading_longer_than_the_lease_loses_nothing_that_was_approved(
    owned: OwnedHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    change, seat = leaver(owned)
    owned.answer(0, change, "remove")
    monkeypatch.setattr("flows.applying.calls.LEASE_S", 1.0)
    while_reading(monkeypatch, lambda: time.sleep(1.5))

    assert owned.apply()[change].outcome == "done"
    assert owned.user(seat["member_id"]) is None


def test_who_leaves_before_the_invitation_is_sent_is_not_invited(owned: OwnedHub) -> None:
    seated = {row["email"] for row in owned.seats() if isinstance(row["email"], str)}
    who = next(
        row
        for row in owned.ws.box.world.directory
        if row["status"] == "active" and str(row["primary_email"]).lower() not in seated
    )
    owned.login(0)
    (asked,) = invite(owned.settings, "agency", [str(who["primary_email"])], "EMPLOYEE", [], "joins us")
    owned.answer(1, asked.change, "do")
    owned.ws.admin(f"directory/{who['person_id']}", {"status": "deprovisioned"})

    settled = owned.apply()[asked.change]

    assert (settled.outcome, settled.reason) == ("blocked", "the person has left: nothing is given to them")
    assert owned.writes() == []


def test_whose_seat_an_owner_calls_a_colleagues_meanwhile_is_not_removed(owned: OwnedHub) -> None:
    """Also where the colleague was among those whose it could have been when the removal was asked for."""
    seat = next(
        row for row in owned.seats(kind="user", tab="unmatched") if isinstance(row["best_person_id"], str)
    )
    owned.login(0)
    (asked,) = remove(owned.settings, "agency", seat["member_id"], "nobody knows who it is")
    owned.answer(1, asked.change, "do")
    match(owned.settings, "agency", seat["member_id"], seat["best_person_id"], "it is she")

    settled = owned.apply()[asked.change]

    assert (settled.outcome, settled.reason) == (
        "stale",
        "an Owner said meanwhile whose seat it is: look again, and ask anew",
    )
    assert owned.writes() == []


def test_a_yes_ends_when_a_check_finds_the_person_back(owned: OwnedHub) -> None:
    """Gone once more within the day, with the very same facts: that is a question which nobody answered."""
    change, seat = leaver(owned)
    owned.answer(0, change, "remove")
    for status in ("active", "deprovisioned"):
        owned.ws.admin(f"directory/{seat['person_id']}", {"status": status})
        owned.check()

    assert owned.apply()[change].outcome == "stale"
    assert (owned.user(seat["member_id"]) is not None, change in owned.asked()) == (True, True)
    owned.answer(1, change, "remove")
    assert owned.apply()[change].outcome == "done"
