"""Who tries to decide about himself, to answer twice, or to slip something past the others."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.answers.by_codes import answer_by_codes
from flows.owners.actions import exempt, match
from flows.owners.member_requests import grant, invite, remove, set_role
from flows.owners.seat_of import ActionRefused
from flows.review.answering import AnswerRefused
from tests.flows.owned_hub import OwnedHub, owned_hub

TO_COME = (datetime.now(UTC) + timedelta(days=30)).date()


def test_an_owner_does_not_answer_about_his_second_seat(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with owned_hub(tmp_path, monkeypatch, owners=3) as hub:
        me = hub.owners[1]
        for number in ("one", "two"):
            hub.ws.admin(
                "members",
                {"name": me["display_name"], "role": "EMPLOYEE", "email": f"{number}@elsewhere.example"},
            )
        second = hub.ws.admin(
            "members", {"name": "Quite Different", "role": "EMPLOYEE", "email": me["primary_email"]}
        )
        hub.check()
        hub.login(0)
        (asked,) = set_role(hub.settings, "agency", second["id"], "ADMIN", "he needs it")

        with pytest.raises(AnswerRefused, match="his own seat"):
            hub.answer(1, asked.change, "do")
        hub.answer(2, asked.change, "do")
        assert hub.apply()[asked.change].outcome == "done"


def test_a_request_about_the_only_other_owner_is_not_even_asked(owned: OwnedHub) -> None:
    made = owned.ws.admin(
        "members",
        {"name": "Any Name", "role": "EMPLOYEE", "email": owned.owners[1]["primary_email"].upper()},
    )
    owned.check()
    owned.login(0)

    with pytest.raises(ActionRefused, match="owner-add"):
        remove(owned.settings, "agency", made["id"], "he goes")
    assert owned.rows("requested") == []


def test_an_exception_given_after_the_yes_stops_the_removal(owned: OwnedHub) -> None:
    seat = owned.seats(kind="user", tab="onboarded", role="EMPLOYEE")[0]
    owned.login(0)
    (asked,) = remove(owned.settings, "agency", seat["member_id"], "moved on")
    owned.answer(1, asked.change, "do")
    exempt(owned.settings, "agency", seat["member_id"], TO_COME, "after all")

    assert owned.apply()[asked.change].outcome == "withdrawn"
    assert owned.user(seat["member_id"]) is not None
    assert owned.writes() == []


def test_a_seat_that_turns_out_to_be_somebody_elses_is_left_alone(owned: OwnedHub) -> None:
    seat = owned.seats(kind="user", tab="unmatched", role="EMPLOYEE")[0]
    held = {row["person_id"] for row in owned.seats()} | {row["person_id"] for row in owned.owners}
    person = next(
        str(row["person_id"])
        for row in owned.ws.box.world.directory
        if row["status"] == "active" and row["kind"] == "employee" and row["person_id"] not in held
    )
    owned.login(0)
    (asked,) = remove(owned.settings, "agency", seat["member_id"], "nobody knows him")
    owned.answer(1, asked.change, "do")
    match(owned.settings, "agency", seat["member_id"], person)

    assert owned.apply()[asked.change].outcome == "stale"
    assert owned.user(seat["member_id"]) is not None


def test_the_codes_of_the_mail_answer_a_request_and_only_once(owned: OwnedHub) -> None:
    seat = owned.seats(kind="user", tab="onboarded", role="EMPLOYEE")[0]
    owned.login(0)
    (asked,) = set_role(owned.settings, "agency", seat["member_id"], "DEVELOPER", "she codes")
    to = owned.owners[1]["primary_email"]
    text = next(m["text"] for m in reversed(owned.mails()) if m["to"][0] == to and "she codes" in m["text"])
    code = next(
        word
        for line in text.splitlines()
        if line.strip().startswith("Do it")
        for word in line.split()
        if len(word) == 10 and word.isupper()
    )

    (taken,) = answer_by_codes(owned.settings, [code], via="command line").taken
    again = answer_by_codes(owned.settings, [code], via="command line")

    assert taken.approved == (asked.change,)
    assert again.taken == ()
    assert owned.apply()[asked.change].outcome == "done"
    assert owned.user(seat["member_id"]).role == "DEVELOPER"
    assert len(owned.writes()) == 1


def test_a_request_that_nobody_answers_is_forgotten(owned: OwnedHub) -> None:
    seat = owned.seats(kind="user", tab="onboarded", role="EMPLOYEE")[0]
    owned.login(0)
    (asked,) = remove(owned.settings, "agency", seat["member_id"], "moved on")
    owned.ws.move_clock(13 * 86400)
    owned.login(0)
    (newer,) = set_role(owned.settings, "agency", seat["member_id"], "DEVELOPER", "she codes")
    owned.ws.move_clock(15 * 86400)

    with pytest.raises(AnswerRefused, match="forgotten"):
        owned.answer(1, asked.change, "do")
    owned.answer(1, newer.change, "do")


def test_an_invitation_is_called_back_by_request(owned: OwnedHub) -> None:
    pending = next(r for r in owned.seats(kind="pending") if r["status"] != "EXPIRED")
    owned.login(0)
    (asked,) = remove(owned.settings, "agency", pending["member_id"], "a mistake")
    owned.answer(1, asked.change, "do")

    assert owned.apply()[asked.change].outcome == "done"


def test_names_that_hide_or_steer_do_neither_in_what_is_told(owned: OwnedHub) -> None:
    made = owned.ws.admin(
        "members",
        {"name": "Ann\u200b\u202e evil.example <b>", "role": "EMPLOYEE", "email": "ann@elsewhere.example"},
    )
    owned.check()
    owned.login(0)

    done = exempt(owned.settings, "agency", made["id"], TO_COME, "see http://evil.example\n\u202e")
    remove(owned.settings, "agency", made["id"], "see http://evil.example\n\u202e")

    assert done.said.isprintable()
    assert "evil.example" not in done.said.replace(" ", "") or "evil .example" in done.said
    assert not any("\u202e" in (m["text"] or "") for m in owned.mails())


@pytest.mark.parametrize(
    "address", ["a@b", "x", "a@b.example,c@d.example", "a@b.example\n", "<a@b.example>", "a\u200b@b .example"]
)
def test_what_is_no_plain_address_is_not_invited(owned: OwnedHub, address: str) -> None:
    owned.login(0)

    if address.strip() == "a@b.example":
        assert len(invite(owned.settings, "agency", [address], "EMPLOYEE", [], "why")) == 1
        return
    with pytest.raises(ActionRefused, match="plain mail address"):
        invite(owned.settings, "agency", [address], "EMPLOYEE", [], "why")


def test_the_same_grant_asked_twice_at_once_is_made_once(owned: OwnedHub) -> None:
    world = owned.ws.box.world
    seat = owned.seats(kind="user", tab="onboarded", role="EMPLOYEE")[0]
    held = world.grants.get(seat["member_id"], {})
    page = next(a.id for a in world.assets.values() if a.kind == "page" and a.id not in held)
    owned.login(0)
    asked = [
        grant(owned.settings, "agency", seat["member_id"], f"page:{page}", tasks, "why")[0]
        for tasks in ("ANALYZE", "ADVERTISE,ANALYZE")
    ]
    for one in asked:
        owned.answer(1, one.change, "do")

    settled = owned.apply()

    assert {settled[one.change].outcome for one in asked} <= {"done", "already_done"}
    assert set(world.grants[seat["member_id"]][page]) == {"ADVERTISE", "ANALYZE"}
    assert owned.ledger_ok()
