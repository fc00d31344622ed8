"""Changes at Meta against the stand-in: each is made once, and proven by reading again, or not at all."""

import json

import pytest

from deployments.sandbox.server import Sandbox
from tasks.meta.change import Change
from tests.tasks.changing import change_and_prove, writes
from tests.tasks.sample_changes import KINDS, NEW, Made, a_cancellation, a_removal, an_invite, by_hand, is_so

every_kind = pytest.mark.parametrize("of", KINDS.values(), ids=KINDS.keys())


@every_kind
def test_each_kind_is_made_with_one_call_and_proven(box: Sandbox, of: Made) -> None:
    change = of(box)

    done = change_and_prove(box, change)

    assert (done.called.state, done.proof.state, done.outcome) == ("accepted", "proven", "done")
    assert is_so(box, change)
    assert len(writes(box, done)) == 1


@pytest.mark.parametrize("kind", ["remove", "cancel_invitation", "set_role", "grant", "revoke"])
def test_what_somebody_did_by_hand_in_between_is_already_done(box: Sandbox, kind: str) -> None:
    change = KINDS[kind](box)
    by_hand(box, change)

    assert change_and_prove(box, change, was_there=False).outcome == "already_done"


def test_a_seat_that_is_gone_refuses_the_call_and_the_listing_proves_it(box: Sandbox) -> None:
    change = a_removal(box)
    change_and_prove(box, change)

    again = change_and_prove(box, change)

    assert (again.called.state, again.called.code, again.called.subcode) == ("refused", 100, 33)
    assert (again.proof.state, again.outcome) == ("proven", "already_done")


def test_an_invitation_accepted_before_the_call_is_stale_and_names_the_seat(box: Sandbox) -> None:
    change = a_cancellation(box)
    seat = box.admin(f"invites/{change.member_id}/accept", {})["id"]

    done = change_and_prove(box, change)

    assert (done.proof.state, done.proof.member_id, done.outcome) == ("accepted_meanwhile", seat, "stale")
    assert seat in done.words
    assert seat in box.world.users


@pytest.mark.parametrize("hidden", [["email"], ["business_role_request"]], ids=str)
def test_an_accepted_invitation_is_found_by_its_address_or_by_its_request(
    box: Sandbox, hidden: list[str]
) -> None:
    change = a_cancellation(box)
    box.admin(f"invites/{change.member_id}/accept", {})
    box.admin("switches", {"hidden_fields": hidden})

    assert change_and_prove(box, change).outcome == "stale"


def test_an_invitation_is_not_called_gone_where_neither_can_be_seen(box: Sandbox) -> None:
    change = a_cancellation(box)
    box.admin(f"invites/{change.member_id}/accept", {})
    box.admin("switches", {"hidden_fields": ["email", "business_role_request"]})

    done = change_and_prove(box, change)

    assert (done.proof.state, done.outcome) == ("unknown", "unknown")


def test_an_invitation_is_not_gone_while_another_one_goes_to_the_same_address(box: Sandbox) -> None:
    change = a_cancellation(box)
    box.admin("switches", {"invite_again": "second"})
    again = Change(
        "invite", "pending", "", address=box.world.invites[change.member_id].email, role="EMPLOYEE"
    )
    change_and_prove(box, again)

    done = change_and_prove(box, change)

    assert (done.proof.state, done.outcome) == ("not_there_yet", "unknown")


def test_an_invited_person_who_joined_at_once_is_proven_by_the_seat(box: Sandbox) -> None:
    invited = change_and_prove(box, an_invite(box))
    seat = box.admin(f"invites/{invited.called.meta_id}/accept", {})["id"]

    done = change_and_prove(box, an_invite(box))

    assert (done.called.state, done.outcome, done.proof.member_id) == ("refused", "already_done", seat)


def test_an_invitation_that_ran_out_does_not_prove_a_new_one(box: Sandbox) -> None:
    invited = change_and_prove(box, an_invite(box))
    box.admin(f"invites/{invited.called.meta_id}/expire", {})
    box.admin("switches", {"invite_forbidden": True, "hidden_fields": []})

    assert change_and_prove(box, an_invite(box)).outcome == "refused"


@pytest.mark.parametrize("kind", ["remove", "invite", "set_role"])
def test_a_system_user_is_never_removed_invited_or_changed(box: Sandbox, kind: str) -> None:
    system = next(one.id for one in box.world.users.values() if one.is_system)
    before = len(box.log.rows)

    with pytest.raises(ValueError, match="system user"):
        change_and_prove(box, Change(kind, "system", system, address=NEW, role="ADMIN"))

    assert len(box.log.rows) == before
    assert system in box.world.users


@pytest.mark.parametrize("member_id", ["", "me", "5/assigned_users", "../500", "1?fields=id", "١٢", "act_1"])
def test_an_id_that_is_no_number_is_never_sent(box: Sandbox, member_id: str) -> None:
    before = len(box.log.rows)

    with pytest.raises(ValueError, match="number"):
        change_and_prove(box, Change("remove", "user", member_id))

    assert len(box.log.rows) == before


def test_a_token_is_in_no_url_and_an_address_in_no_message(box: Sandbox) -> None:
    change_and_prove(box, an_invite(box))

    again = change_and_prove(box, an_invite(box))

    said = f"{again.called} {again.words} {again.proof} {an_invite(box)}".lower()
    assert "northwind.example" not in said
    assert box.world.write_token.lower() not in said
    assert box.world.write_token not in json.dumps(box.admin("requests"))


def test_a_seat_is_not_cancelled_in_place_of_an_invitation(box: Sandbox) -> None:
    change = a_removal(box)

    with pytest.raises(ValueError, match="only an invitation"):
        change_and_prove(box, Change("cancel_invitation", "user", change.member_id))

    assert change.member_id in box.world.users
