"""What an Owner asks for: nothing is done before another Owner said so, and then once, and proven."""

from typing import Any

import pytest

from flows.owners.member_requests import grant, invite, remove, restore, revoke, set_role
from flows.owners.requesting import withdraw
from flows.owners.seat_of import ActionRefused
from flows.review.answering import AnswerRefused
from tests.flows.owned_hub import OwnedHub


def _employee(hub: OwnedHub, place: int = 0) -> dict[str, Any]:
    rows = [
        r for r in hub.seats(kind="user", tab="onboarded", role="EMPLOYEE") if isinstance(r["email"], str)
    ]
    return rows[place]


def _page(hub: OwnedHub, but: str) -> str:
    world = hub.ws.box.world
    held = world.grants.get(but, {})
    return next(a.id for a in world.assets.values() if a.kind == "page" and a.id not in held)


def test_a_grant_is_made_once_another_owner_said_do_it(owned: OwnedHub) -> None:
    seat = _employee(owned)
    page = _page(owned, seat["member_id"])
    owned.login(0)

    (asked,) = grant(owned.settings, "agency", seat["member_id"], f"page:{page}", "analyze", "new client")
    assert asked.change in owned.asked()
    assert any("new client" in (m["text"] or "") for m in owned.mails())
    assert owned.apply() == {}

    owned.answer(1, asked.change, "do")
    settled = owned.apply()

    assert settled[asked.change].outcome == "done"
    assert owned.ws.box.world.grants[seat["member_id"]][page] == ("ANALYZE",)
    assert [row["path"].rpartition("/")[0][-len(page) :] for row in owned.writes()] == [page]
    assert owned.apply() == {}
    assert len(owned.writes()) == 1
    assert owned.ledger_ok()


def test_who_asked_cannot_say_do_it(owned: OwnedHub) -> None:
    seat = _employee(owned)
    owned.login(0)
    (asked,) = set_role(owned.settings, "agency", seat["member_id"], "ADMIN", "promotion")

    with pytest.raises(AnswerRefused, match="another Owner"):
        owned.answer(0, asked.change, "do")

    assert owned.rows("approved") == []


def test_a_no_ends_a_request_and_a_late_yes_has_no_effect(owned: OwnedHub) -> None:
    seat = _employee(owned)
    owned.login(0)
    (asked,) = remove(owned.settings, "agency", seat["member_id"], "moved on")
    owned.answer(1, asked.change, "dont")

    with pytest.raises(AnswerRefused):
        owned.answer(1, asked.change, "do")
    assert owned.apply() == {}
    owned.check()
    assert asked.change not in owned.asked()


def test_withdrawn_after_the_yes_nothing_is_done(owned: OwnedHub) -> None:
    seat = _employee(owned)
    owned.login(0)
    (asked,) = remove(owned.settings, "agency", seat["member_id"], "moved on")
    owned.answer(1, asked.change, "do")

    withdraw(owned.settings, "agency", asked.change)

    assert owned.apply()[asked.change].outcome == "withdrawn"
    assert owned.user(seat["member_id"]) is not None
    assert owned.writes() == []
    with pytest.raises(ActionRefused, match="no open request"):
        withdraw(owned.settings, "agency", asked.change)


def test_removed_by_request_and_brought_back_with_what_can_come_back(owned: OwnedHub) -> None:
    seat = _employee(owned)
    world = owned.ws.box.world
    kinds = {one.id: one.kind for one in world.assets.values()}
    had = {
        a: set(t) for a, t in world.grants[seat["member_id"]].items() if kinds[a] != "business_asset_group"
    }
    owned.login(0)
    (asked,) = remove(owned.settings, "agency", seat["member_id"], "moved on")
    owned.answer(1, asked.change, "do")
    settled = owned.apply()[asked.change]
    assert settled.outcome == "done"
    assert settled.reason.startswith("A complete re-reading proves it")
    assert owned.user(seat["member_id"]) is None

    (back,) = restore(owned.settings, "agency", seat["member_id"], "a mistake")
    owned.answer(1, back.change, "do")
    assert owned.apply()[back.change].outcome == "done"
    (invited,) = [i for i in owned.ws.box.world.invites.values() if i.email == seat["email"].lower()]
    assert owned.apply() == {}

    owned.ws.admin(f"invites/{invited.id}/accept")
    owned.check()
    settled_after = owned.apply()

    new = next(u for u in owned.ws.box.world.users.values() if u.email == seat["email"].lower())
    assert {one.reason for one in settled_after.values() if one.outcome != "done"} == set()
    assert {a: set(t) for a, t in world.grants[new.id].items()} == had
    assert owned.ledger_ok()


def test_an_invitation_that_nobody_accepts_ends_its_promise_aloud(owned: OwnedHub) -> None:
    page = next(a.id for a in owned.ws.box.world.assets.values() if a.kind == "page")
    owned.login(0)
    (asked,) = invite(
        owned.settings, "agency", ["new@agency.example"], "EMPLOYEE", [f"page:{page}=ANALYZE"], "joins us"
    )
    owned.answer(1, asked.change, "do")
    assert owned.apply()[asked.change].outcome == "done"

    owned.ws.move_clock(31 * 86400)
    owned.apply()

    (row,) = owned.rows("seat_seen")
    assert row.payload["state"] == "lapsed"
    assert owned.apply() == {}


def test_an_invitation_is_made_once_though_asked_for_twice(owned: OwnedHub) -> None:
    owned.login(0)
    (asked,) = invite(owned.settings, "agency", ["New@agency.example"], "EMPLOYEE", [], "joins us")
    with pytest.raises(ActionRefused, match="asked already"):
        invite(owned.settings, "agency", ["new@agency.example "], "EMPLOYEE", [], "joins us")
    owned.answer(1, asked.change, "do")
    owned.ws.admin("members", {"name": "By Hand", "role": "EMPLOYEE", "email": "NEW@agency.example"})

    assert owned.apply()[asked.change].outcome == "stale"
    assert owned.writes() == []


def test_a_role_that_changed_meanwhile_is_left_alone(owned: OwnedHub) -> None:
    seat = _employee(owned)
    owned.login(0)
    (asked,) = set_role(owned.settings, "agency", seat["member_id"], "ADMIN", "promotion")
    owned.answer(1, asked.change, "do")
    owned.ws.admin(f"members/{seat['member_id']}/role", {"role": "DEVELOPER"})

    assert owned.apply()[asked.change].outcome == "stale"
    assert owned.user(seat["member_id"]).role == "DEVELOPER"


def test_no_two_changes_that_are_harmless_alone_leave_too_few_with_full_control(owned: OwnedHub) -> None:
    admins = [
        r for r in owned.seats(kind="user", role="ADMIN", tab="onboarded") if r["person_kind"] == "employee"
    ]
    assert len(admins) >= 2
    owned.login(0)
    asked = [
        set_role(owned.settings, "agency", row["member_id"], "EMPLOYEE", "fewer")[0]
        for row in admins[: len(admins) - 1]
    ]
    for one in asked:
        owned.answer(1, one.change, "do")

    settled = owned.apply()

    assert {settled[one.change].outcome for one in asked} == {"blocked"}
    assert all(owned.user(row["member_id"]).role == "ADMIN" for row in admins)


def test_access_is_not_taken_from_the_last_in_control(owned: OwnedHub) -> None:
    world = owned.ws.box.world
    seat = _employee(owned)
    page = next(a.id for a in world.assets.values() if a.kind == "page")
    for user, held in list(world.grants.items()):
        if page in held and user != seat["member_id"]:
            owned.ws.admin("grants/revoke", {"user": user, "asset": page})
    owned.ws.admin("grants", {"user": seat["member_id"], "asset": page, "tasks": ["MANAGE", "ANALYZE"]})
    owned.check()
    owned.login(0)
    (asked,) = revoke(owned.settings, "agency", seat["member_id"], f"page:{page}", "not needed")
    owned.answer(1, asked.change, "do")

    settled = owned.apply()[asked.change]

    assert (settled.outcome, "controls" in settled.reason) == ("blocked", True)
    assert page in world.grants[seat["member_id"]]


def test_access_is_taken(owned: OwnedHub) -> None:
    world = owned.ws.box.world
    seat = _employee(owned)
    page = _page(owned, seat["member_id"])
    owned.ws.admin("grants", {"user": seat["member_id"], "asset": page, "tasks": ["ANALYZE"]})
    owned.check()
    owned.login(0)
    (asked,) = revoke(owned.settings, "agency", seat["member_id"], f"page:{page}", "not needed")
    owned.answer(1, asked.change, "do")

    assert owned.apply()[asked.change].outcome == "done"
    assert page not in world.grants[seat["member_id"]]


def test_nothing_is_given_to_who_has_left(owned: OwnedHub) -> None:
    seat = _employee(owned)
    page = _page(owned, seat["member_id"])
    owned.login(0)
    (asked,) = grant(owned.settings, "agency", seat["member_id"], f"page:{page}", "ANALYZE", "new client")
    owned.answer(1, asked.change, "do")
    owned.ws.admin(f"directory/{seat['person_id']}", {"status": "deprovisioned"})

    assert owned.apply()[asked.change].outcome == "blocked"

    with pytest.raises(ActionRefused, match="has left"):
        grant(owned.settings, "agency", seat["member_id"], f"page:{page}", "ANALYZE", "new client")


def test_an_approver_who_is_no_owner_any_more_approved_nothing(owned: OwnedHub) -> None:
    seat = _employee(owned)
    owned.login(0)
    (asked,) = remove(owned.settings, "agency", seat["member_id"], "moved on")
    owned.answer(1, asked.change, "do")
    owned.ws.admin(f"directory/{owned.owners[1]['person_id']}", {"status": "deprovisioned"})
    owned.check()

    assert owned.apply()[asked.change].outcome == "withdrawn"
    assert owned.user(seat["member_id"]) is not None


@pytest.mark.parametrize(
    ("asset", "tasks", "told"),
    [
        ("page:1", "ANALYZE", "has no page 1"),
        ("page", "ANALYZE", "KIND:ID"),
        ("page:1/../me", "ANALYZE", "KIND:ID"),
        ("business_asset_group:1", "MANAGE", "Meta's settings"),
        ("page:1", "", "which tasks"),
        ("page:1", "ANALYZE\u200b", "which tasks"),
    ],
)
def test_what_is_no_asset_or_task_is_not_asked(owned: OwnedHub, asset: str, tasks: str, told: str) -> None:
    owned.login(0)

    with pytest.raises(ActionRefused, match=told):
        grant(owned.settings, "agency", _employee(owned)["member_id"], asset, tasks, "why")
