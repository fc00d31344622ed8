"""Who becomes an Owner, and who is one no longer."""

from pathlib import Path

import pytest

from flows.owners.member_requests import remove
from flows.owners.naming import claim, owner_accept, owner_add, owner_drop, owners, send_claim
from flows.owners.seat_of import ActionRefused
from flows.review.answering import AnswerRefused
from tests.flows.owned_hub import OwnedHub, owned_hub


def _colleague(hub: OwnedHub) -> dict[str, str]:
    taken = {row["person_id"] for row in hub.owners}
    return next(
        dict(row)
        for row in hub.ws.box.world.directory
        if row["status"] == "active" and row["kind"] == "employee" and row["person_id"] not in taken
    )


def _names(hub: OwnedHub) -> set[str]:
    return {one.address for one in owners(hub.settings, "agency")}


def test_another_owner_makes_somebody_an_owner(owned: OwnedHub) -> None:
    who = _colleague(owned)
    owned.login(0)

    asked = owner_add(owned.settings, "agency", who["primary_email"], "she runs the accounts")
    with pytest.raises(AnswerRefused, match="another Owner"):
        owned.answer(0, asked.change, "do")
    assert who["primary_email"] not in _names(owned)
    owned.answer(1, asked.change, "do")

    assert who["primary_email"] in _names(owned)
    assert asked.change in {r.payload["change"] for r in owned.rows("request_ended")}
    owned.check()
    assert asked.change not in owned.asked()
    assert owned.ledger_ok()


def test_an_only_owner_names_a_second_who_accepts_by_mail_and_counts_a_day_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with owned_hub(tmp_path, monkeypatch, owners=1) as hub:
        who = _colleague(hub)
        hub.login(0)
        with pytest.raises(ActionRefused, match="owner-add"):
            remove(hub.settings, "agency", hub.seats(kind="user", role="EMPLOYEE")[0]["member_id"], "why")

        owner_add(hub.settings, "agency", who["primary_email"], "a second pair of eyes")
        with pytest.raises(ActionRefused, match="not valid"):
            owner_accept(hub.settings, "agency", who["primary_email"], "AAAAAAAAAA")
        code = hub.code_for(who["primary_email"])
        with pytest.raises(ActionRefused, match="not valid"):
            owner_accept(hub.settings, "agency", hub.owners[0]["primary_email"], code)
        owner_accept(hub.settings, "agency", who["primary_email"], code)
        with pytest.raises(ActionRefused, match="used already"):
            owner_accept(hub.settings, "agency", who["primary_email"], code)

        hub.owners.append(who)
        with pytest.raises(Exception, match="not that of one active employee"):
            hub.login(1)
        hub.ws.move_clock(25 * 3600)
        hub.login(1)


def test_the_last_owner_is_never_dropped_and_a_dropped_one_decides_nothing(owned: OwnedHub) -> None:
    first, second = (row["primary_email"] for row in owned.owners)
    owned.login(0)
    with pytest.raises(ActionRefused, match="yes of 1 other Owner"):
        owner_drop(owned.settings, "agency", second, "away")
    asked = owner_drop(owned.settings, "agency", first, "I change jobs")
    owned.answer(1, asked.change, "do")

    assert _names(owned) == {second}
    with pytest.raises(ActionRefused, match="not an Owner"):
        owner_drop(owned.settings, "agency", second, "revenge")
    owned.login(1)
    with pytest.raises(ActionRefused, match="last Owner"):
        owner_drop(owned.settings, "agency", second, "tired")


def test_a_claim_needs_the_mailbox_at_meta_a_sure_link_and_an_owners_yes(owned: OwnedHub) -> None:
    seat = next(
        r
        for r in owned.seats(kind="user", tab="onboarded", person_kind="employee")
        if r["rule"] == "exact_address" and isinstance(r["email"], str)
    )
    member = send_claim(owned.settings, "agency", seat["email"])
    code = owned.code_for(seat["email"])

    asked = claim(owned.settings, "agency", member, code, "my hub")
    with pytest.raises(ActionRefused, match="used already"):
        claim(owned.settings, "agency", member, code, "again")
    assert len(_names(owned)) == 2
    owned.answer(0, asked.change, "do")

    assert len(_names(owned)) == 3


def test_a_seat_that_is_nobodys_for_sure_claims_nothing(owned: OwnedHub) -> None:
    seat = owned.seats(kind="user", tab="unmatched")[0]

    with pytest.raises(ActionRefused, match="ask an Owner"):
        send_claim(owned.settings, "agency", seat["member_id"])


def test_who_has_left_becomes_no_owner(owned: OwnedHub) -> None:
    gone = next(r for r in owned.ws.box.world.directory if r["status"] == "deprovisioned")
    owned.login(0)

    with pytest.raises(ActionRefused, match="active employee"):
        owner_add(owned.settings, "agency", gone["primary_email"], "why")


def test_a_newcomer_with_the_id_of_an_owner_who_left_is_no_owner(owned: OwnedHub) -> None:
    """Else the code that stands for an Owner would go to somebody whom nobody ever named."""
    newcomer = {
        "display_name": "Zeno Quist",
        "given_name": "Zeno",
        "family_name": "Quist",
        "user_name": "zeno.quist",
        "primary_email": "zeno.quist@northwind.example",
        "aliases": "",
    }
    owned.ws.admin(f"directory/{owned.owners[0]['person_id']}", newcomer)
    owned.check()

    assert _names(owned) == {owned.owners[1]["primary_email"]}
    assert {mail["to"][0] for mail in owned.mails()} == {row["primary_email"] for row in owned.owners}
    told = [m for m in owned.mails() if "gave the id to somebody else" in " ".join((m["text"] or "").split())]
    assert [mail["to"][0] for mail in told] == [owned.owners[1]["primary_email"]]
    owned.check()
    assert len(owned.rows("owner_dropped")) == 1
