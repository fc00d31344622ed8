"""A Page that two hubs see: what one of them has just changed counts for the other."""

from dataclasses import replace
from pathlib import Path

import pytest

from flows.opening.ledger import ledger_of
from flows.settings import load_settings
from matching.review.asked import asked_of
from matching.review.wanted import Wanted
from tests.flows.plain_check import Check
from tests.flows.plain_rows import grant, member, person, rows_workspace
from tests.matching.review_rows import question

ANA, EVE = person(1, "Ana Ruiz"), person(2, "Eve Stone", status="deprovisioned")
SHOP = {"id": "500", "name": "Shop"}
ACME = {
    "business_users": [member(10, "A Stranger", email="someone@elsewhere.example")],
    "owned_pages": [SHOP],
    "assigned_pages": [grant(10, 500)],
}
UMBRA = {
    "business_users": [member(20, "Eve Stone", email=EVE["primary_email"]), member(21, "Ana Ruiz")],
    "client_pages": [SHOP],
    "assigned_pages": [grant(20, 500)],
}


ALONE = {"20": ["Held back: nobody else controls Shop. Give somebody else full control there first."]}


def removed(found: Check, member_id: str, *, proved: bool = True) -> None:
    """Write into the ledger what `apply` writes when it has removed somebody, and proved it or not yet."""
    (proposal,) = [p for p in found.report["proposals"] if p["member"]["member_id"] == member_id]
    asked, now = asked_of(proposal, (), str), load_settings().now().isoformat()
    seat = {"member_kind": "user", "member_id": member_id, "change": asked.id, "review": "acme-1"}
    approved = {"asked": asked.as_payload(), "by": ["ana"], "complete_at": now, "not_before": now}
    with ledger_of(load_settings()) as ledger, ledger.writing() as book:
        row = book.append(
            "approved", hub="acme", actor="ana", identified_by="page code", payload={**seat, **approved}
        )
        begun = {**seat, "approval": row.seq, "call": "remove", "role": asked.role}
        book.append("intended", hub="acme", actor="hubroster", identified_by="apply", payload=begun)
        if proved:
            result = {**seat, "approval": row.seq, "outcome": "done", "reason": "", "stay": asked.stay}
            book.append("result", hub="acme", actor="hubroster", identified_by="apply", payload=result)


def revoked(member_id: str, asset_id: str) -> None:
    """Write what `apply` writes when it has taken what somebody may do on a Page."""
    now = load_settings().now().isoformat()
    wanted = Wanted("revoke", "bo", grants=(("page", asset_id, ()),))
    asked = replace(question("r"), kind="revoke", member_id=member_id, wanted=wanted)
    seat = {"member_kind": "user", "member_id": member_id, "change": asked.id, "review": "acme-1"}
    approved = {"asked": asked.as_payload(), "by": ["ana"], "complete_at": now, "not_before": now}
    with ledger_of(load_settings()) as ledger, ledger.writing() as book:
        row = book.append(
            "approved", hub="acme", actor="ana", identified_by="page code", payload={**seat, **approved}
        )
        result = {**seat, "approval": row.seq, "outcome": "done", "reason": "", "stay": asked.stay}
        book.append("result", hub="acme", actor="hubroster", identified_by="apply", payload=result)


def test_who_was_removed_from_another_hub_covers_for_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until that hub's next check the warehouse still has the seat."""
    hub = rows_workspace(tmp_path, monkeypatch, hubs=("acme", "umbra"))
    hub.people(ANA, EVE)
    acme = hub.check(ACME)
    covered = hub.check(UMBRA, label="umbra")
    removed(acme, "10")
    alone = hub.check(UMBRA, label="umbra")

    assert (covered.proposed("remove"), covered.held) == (["20"], {})
    assert alone.held == {
        "20": ["Held back: nobody else controls Shop. Give somebody else full control there first."]
    }


def test_whom_another_hub_is_removing_at_this_moment_covers_for_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The intention stands there; its process is at it, or was killed."""
    hub = rows_workspace(tmp_path, monkeypatch, hubs=("acme", "umbra"))
    hub.people(ANA, EVE)
    removed(hub.check(ACME), "10", proved=False)

    assert hub.check(UMBRA, label="umbra").held == ALONE


def test_whose_access_another_hub_took_covers_for_nobody_on_that_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = rows_workspace(tmp_path, monkeypatch, hubs=("acme", "umbra"))
    hub.people(ANA, EVE)
    hub.check(ACME)
    revoked("10", "501")
    assert hub.check(UMBRA, label="umbra").held == {}
    revoked("10", "500")
    assert hub.check(UMBRA, label="umbra").held == ALONE
