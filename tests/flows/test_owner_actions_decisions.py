"""What an Owner says about a seat, and what changes nothing at Meta: whose it is, and that it is excepted."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from flows.owners.actions import exempt, match, reassign, unexempt
from flows.owners.seat_of import ActionRefused
from tests.flows.owned_hub import OwnedHub


def _in(days: int) -> date:
    return (datetime.now(UTC) + timedelta(days=days)).date()


TO_COME = _in(30)


def _unmatched(hub: OwnedHub) -> dict[str, Any]:
    return next(row for row in hub.seats(kind="user", tab="unmatched"))


def _colleague(hub: OwnedHub) -> str:
    """Return the id of an active employee who is no Owner and holds no seat."""
    held = {row["person_id"] for row in hub.seats()} | {row["person_id"] for row in hub.owners}
    rows = hub.ws.box.world.directory
    return next(
        str(row["person_id"])
        for row in rows
        if row["status"] == "active" and row["kind"] == "employee" and row["person_id"] not in held
    )


def test_a_match_is_what_the_next_check_goes_by_and_all_owners_are_told(owned: OwnedHub) -> None:
    seat, person = _unmatched(owned), _colleague(owned)
    owner = owned.login(0)

    done = match(owned.settings, "agency", seat["member_id"], person, "she told me on the phone")
    owned.check()

    (after,) = owned.seats(kind="user", member_id=seat["member_id"])
    assert (after["person_id"], after["rule"]) == (person, "decision")
    (row,) = owned.rows("matched")
    assert (row.actor, row.identified_by, row.seq) == (owner, "login code", done.seq)
    told = [m for m in owned.mails() if "she told me on the phone" in (m["text"] or "")]
    assert {m["to"][0] for m in told} == {row["primary_email"] for row in owned.owners}
    assert owned.ledger_ok()
    assert owned.writes() == []


def test_who_is_not_logged_in_decides_nothing(owned: OwnedHub) -> None:
    with pytest.raises(ActionRefused, match="hubroster login"):
        match(owned.settings, "agency", _unmatched(owned)["member_id"], _colleague(owned))

    assert owned.rows("matched") == []


def test_reassigned_the_old_person_does_not_come_back_by_the_old_address(owned: OwnedHub) -> None:
    seat = next(row for row in owned.seats(kind="user", tab="onboarded") if row["rule"] == "exact_address")
    person = _colleague(owned)
    owned.login(0)
    with pytest.raises(ActionRefused, match="hubroster reassign"):
        match(owned.settings, "agency", seat["member_id"], person)

    reassign(owned.settings, "agency", seat["member_id"], person, "they share a mailbox")
    owned.check()

    (after,) = owned.seats(kind="user", member_id=seat["member_id"])
    assert after["person_id"] == person
    (unlinked,) = owned.rows("unlinked")
    assert len(unlinked.payload["evidence"]) == 32


def test_an_exception_keeps_a_stranger_until_he_may_do_more(owned: OwnedHub) -> None:
    seat = _unmatched(owned)
    owned.login(0)

    exempt(owned.settings, "agency", seat["member_id"], TO_COME, "agency of record")
    owned.check()
    assert owned.seats(kind="user", member_id=seat["member_id"])[0]["tab"] == "exempted"

    world = owned.ws.box.world
    held = world.grants.get(seat["member_id"], {})
    other = next(a.id for a in world.assets.values() if a.kind == "page" and a.id not in held)
    owned.ws.admin("grants", {"user": seat["member_id"], "asset": other, "tasks": ["ANALYZE"]})
    owned.check()
    assert owned.seats(kind="user", member_id=seat["member_id"])[0]["tab"] == "unmatched"


def test_a_leaver_stays_only_by_an_exception_given_after_the_departure(owned: OwnedHub) -> None:
    before, after = [r for r in owned.seats(kind="user", tab="onboarded") if r["role"] == "EMPLOYEE"][:2]
    owned.login(0)
    exempt(owned.settings, "agency", before["member_id"], TO_COME, "she stays for the launch")
    for row in (before, after):
        owned.ws.admin(f"directory/{row['person_id']}", {"status": "deprovisioned"})
    owned.check()
    exempt(owned.settings, "agency", after["member_id"], TO_COME, "freelance until spring")
    owned.check()

    assert owned.seats(kind="user", member_id=before["member_id"])[0]["tab"] == "deprovisioned"
    assert owned.seats(kind="user", member_id=after["member_id"])[0]["tab"] == "exempted"

    unexempt(owned.settings, "agency", after["member_id"])
    owned.check()
    assert owned.seats(kind="user", member_id=after["member_id"])[0]["tab"] == "deprovisioned"
    with pytest.raises(ActionRefused, match="no exception"):
        unexempt(owned.settings, "agency", after["member_id"])


@pytest.mark.parametrize("days", [-1, 400])
def test_an_exception_ends_within_a_year(owned: OwnedHub, days: int) -> None:
    owned.login(0)

    with pytest.raises(ActionRefused, match="within a year"):
        exempt(
            owned.settings,
            "agency",
            _unmatched(owned)["member_id"],
            _in(days),
            "why",
        )


def test_nobody_decides_about_a_seat_that_is_or_could_be_his(owned: OwnedHub) -> None:
    me = owned.owners[0]
    own = owned.ws.admin(
        "members", {"name": "Somebody Else", "role": "EMPLOYEE", "email": me["primary_email"]}
    )
    alike = owned.ws.admin(
        "members", {"name": me["display_name"], "role": "EMPLOYEE", "email": "x@elsewhere.example"}
    )
    owned.check()
    owned.login(0)

    for made in (own, alike):
        with pytest.raises(ActionRefused, match="could be his"):
            exempt(owned.settings, "agency", made["id"], TO_COME, "mine")
    with pytest.raises(ActionRefused, match="for his own"):
        match(owned.settings, "agency", _unmatched(owned)["member_id"], me["person_id"])
    assert owned.rows("exempted", "matched") == []


@pytest.mark.parametrize("named", ["", "999999", "nobody@elsewhere.example", "\u200b", "100\u200b", "%"])
def test_who_is_not_known_is_not_guessed(owned: OwnedHub, named: str) -> None:
    owned.login(0)

    with pytest.raises(ActionRefused, match="no member of agency"):
        exempt(owned.settings, "agency", named, TO_COME, "why")


def test_several_seats_of_one_address_are_listed_by_id(owned: OwnedHub) -> None:
    made = [
        owned.ws.admin("members", {"name": name, "role": "EMPLOYEE", "email": "shared@elsewhere.example"})[
            "id"
        ]
        for name in ("Ann One", "Ben\u200bTwo")
    ]
    owned.check()
    owned.login(0)

    with pytest.raises(ActionRefused) as refused:
        exempt(owned.settings, "agency", "shared@elsewhere.example", TO_COME, "why")

    assert all(one in str(refused.value) for one in made)
    assert "@" not in str(refused.value)


def test_a_decision_without_a_reason_is_none(owned: OwnedHub) -> None:
    owned.login(0)

    with pytest.raises(ActionRefused, match="--reason"):
        exempt(owned.settings, "agency", _unmatched(owned)["member_id"], TO_COME, " \n")
