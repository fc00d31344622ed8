"""Who a member is, and what follows, when people leave, come back, change addresses or share them."""

from pathlib import Path

import pytest

from tests.flows.plain_rows import RowsWorkspace, grant, member, person, rows_workspace

ANA, BEN, CLEO, DAN = (
    person(1, "Ana Ruiz"),
    person(2, "Ben Okafor"),
    person(3, "Cleo Marsh"),
    person(4, "Dan Ito"),
)
STAFF = [ANA, BEN, CLEO, DAN, *(person(n, f"Colleague Number{n}") for n in range(5, 30))]


def seat(number: int, who: dict[str, str], **more: object) -> dict[str, object]:
    return {**member(number, who["display_name"], email=who["primary_email"]), **more}


HUB = {
    "business_users": [
        seat(10, ANA, role="ADMIN"),
        seat(11, BEN, role="ADMIN"),
        seat(12, CLEO),
        seat(13, DAN),
    ]
}


def without(*gone: dict[str, str]) -> list[dict[str, str]]:
    return [row for row in STAFF if row not in gone]


def left(who: dict[str, str], **more: object) -> list[dict[str, object]]:
    return [{**row, "status": "deprovisioned", **more} if row is who else row for row in STAFF]


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RowsWorkspace:
    made = rows_workspace(tmp_path, monkeypatch)
    made.people(*STAFF)
    return made


def test_who_left_is_proposed_and_who_came_back_is_not(hub: RowsWorkspace) -> None:
    hub.check(HUB)
    hub.people(*left(CLEO))
    gone = hub.check(HUB)
    hub.people(*STAFF)
    back = hub.check(HUB)

    assert (gone.proposed("remove"), gone.changes) == (["12"], [("person_left", "Cleo Marsh")])
    assert (back.proposed("remove"), back.held, back.seat("12")["tab"]) == ([], {}, "onboarded")


def test_an_address_of_two_people_links_nobody_and_both_are_shown(hub: RowsWorkspace) -> None:
    hub.people(*STAFF, {**person(40, "Anna Ruiz"), "primary_email": ANA["primary_email"]})
    found = hub.check(HUB)

    assert found.proposed("resolve") == ["10"]
    (proposal,) = found.report["proposals"]
    assert {c["person"]["person_id"] for c in proposal["candidates"]} == {"p1", "p40"}


def test_both_seats_of_a_leaver_are_seen(hub: RowsWorkspace) -> None:
    second = member(14, "C. Marsh", email="cleo.marsh+ads@northwind.example")
    hub.people(*left(CLEO))
    found = hub.check({"business_users": [*HUB["business_users"], second]})

    assert found.proposed("remove") == ["12"]
    (urgent,) = [p for p in found.report["proposals"] if p["member"]["member_id"] == "14"]
    assert urgent["kind"] == "resolve"
    assert urgent["maybe_left"]


def test_a_leaver_who_is_known_by_name_alone_comes_first_and_says_so(hub: RowsWorkspace) -> None:
    hub.people(*left(CLEO))
    world = {
        "business_users": [
            *HUB["business_users"][:2],
            member(1, "Dan Ito", email="dan.ito@mailhaven.test"),
            member(12, "Cleo Marsh", email="cleo@mailhaven.test"),
        ]
    }
    found = hub.check(world)

    assert found.proposed("remove") == []
    assert found.proposed("resolve") == ["12", "1"]
    assert [p["maybe_left"] for p in found.report["proposals"]] == [True, False]


def test_an_open_invitation_of_a_leaver_is_proposed_and_an_expired_one_is_not(hub: RowsWorkspace) -> None:
    hub.people(*left(CLEO))
    invites = [
        {"id": "900", "email": CLEO["primary_email"], "role": "EMPLOYEE", "status": "PENDING"},
        {"id": "901", "email": DAN["primary_email"], "role": "EMPLOYEE", "status": "EXPIRED"},
    ]
    found = hub.check({"business_users": HUB["business_users"][:2], "pending_users": invites})
    expired = hub.check(
        {"business_users": HUB["business_users"][:2], "pending_users": [{**invites[0], "status": "EXPIRED"}]}
    )

    assert found.proposed("remove") == ["900"]
    assert (expired.proposed("remove"), expired.found("invitation_expired")) == ([], ["900"])


def test_two_open_invitations_of_a_leaver_are_both_proposed_or_shown(hub: RowsWorkspace) -> None:
    hub.people(*left(CLEO))
    invites = [
        {"id": str(number), "email": CLEO["primary_email"], "role": "EMPLOYEE", "status": "PENDING"}
        for number in (900, 901)
    ]
    found = hub.check({"business_users": HUB["business_users"][:2], "pending_users": invites})

    assert found.proposed("remove") == ["900", "901"]


def test_a_suspended_colleague_and_a_guest_who_left(hub: RowsWorkspace) -> None:
    guest = person(90, "Gina Guest", kind="guest", status="deprovisioned")
    hub.people(*({**row, "status": "suspended"} if row is CLEO else row for row in STAFF), guest)
    found = hub.check({"business_users": [*HUB["business_users"], seat(20, guest)]})

    assert (found.found("person_suspended"), found.proposed("remove")) == (["12"], ["20"])


def test_an_address_that_moved_to_somebody_else_is_asked_about_not_guessed(hub: RowsWorkspace) -> None:
    hub.check(HUB)
    hub.people(
        *({**row, "primary_email": "cleo.old@northwind.example"} if row is CLEO else row for row in STAFF),
        {**person(41, "Chloe Marsh"), "primary_email": CLEO["primary_email"]},
    )
    found = hub.check(HUB)

    assert (found.proposed("remove"), found.proposed("resolve")) == ([], ["12"])


def test_the_address_of_a_leaver_given_to_somebody_new_is_urgent(hub: RowsWorkspace) -> None:
    hub.check(HUB)
    hub.people(
        *left(CLEO, primary_email="gone@northwind.example"),
        {**person(41, "Chloe Marsh"), "primary_email": CLEO["primary_email"]},
    )
    found = hub.check(HUB)

    assert (found.proposed("remove"), found.proposed("resolve")) == ([], ["12"])
    assert found.report["proposals"][0]["maybe_left"]


def test_a_hidden_address_that_shows_up_and_is_somebody_elses_is_asked_about(hub: RowsWorkspace) -> None:
    hub.check(HUB)
    hidden = [{**row, "email": None} for row in HUB["business_users"]]
    kept = hub.check({"business_users": hidden})
    shown = hub.check({"business_users": [*hidden[:3], seat(13, CLEO, name="Dan Ito")]})

    assert kept.changes == []
    assert kept.seat("12")["person_id"] == "p3"
    assert ("email_changed", "Dan Ito") in shown.changes
    assert (shown.proposed("resolve"), shown.proposed("remove")) == (["13"], [])


def test_who_was_linked_by_an_address_leaves_and_the_address_hides(hub: RowsWorkspace) -> None:
    hub.check(HUB)
    hub.people(*left(CLEO))
    found = hub.check({"business_users": [{**row, "email": None} for row in HUB["business_users"]]})

    assert found.proposed("remove") == ["12"]


def test_a_colleague_who_was_hired_again_under_a_new_id_is_not_removed(hub: RowsWorkspace) -> None:
    hub.check(HUB)
    hub.people(*left(CLEO), {**person(43, "Cleo Marsh")})
    found = hub.check(HUB)

    assert (found.proposed("remove"), found.proposed("resolve")) == ([], ["12"])


def test_a_leaver_with_full_control_waits_for_a_second_in_control(hub: RowsWorkspace) -> None:
    hub.people(*left(BEN))
    held = hub.check(HUB)
    third = hub.check(
        {"business_users": [*HUB["business_users"][:2], seat(12, CLEO, role="ADMIN"), seat(13, DAN)]}
    )

    assert (held.proposed("remove"), list(held.held)) == ([], ["11"])
    assert held.asks_for_help
    assert (third.proposed("remove"), third.held) == (["11"], {})


def test_grants_of_a_leaver_are_told_with_who_else_is_in_control(hub: RowsWorkspace) -> None:
    hub.people(*left(CLEO))
    world = {
        **HUB,
        "owned_pages": [{"id": "700", "name": "Shop"}],
        "assigned_pages": [grant(12, 700), grant(13, 700, "ANALYZE")],
    }
    alone = hub.check(world)
    shared = hub.check({**world, "assigned_pages": [grant(12, 700), grant(13, 700)]})

    assert (alone.proposed("remove"), list(alone.held)) == ([], ["12"])
    assert (shared.proposed("remove"), shared.held) == (["12"], {})
