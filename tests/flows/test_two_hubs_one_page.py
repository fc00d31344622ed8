"""A Page that two hubs see: what one of them has just changed counts for the other."""

from pathlib import Path

import pytest

from flows.opening.ledger import ledger_of
from flows.settings import load_settings
from matching.review.asked import asked_of
from tests.flows.plain_check import Check
from tests.flows.plain_rows import grant, member, person, rows_workspace

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


def removed(found: Check, member_id: str) -> None:
    """Write into the ledger what `apply` writes when it has removed somebody, and proved it."""
    (proposal,) = [p for p in found.report["proposals"] if p["member"]["member_id"] == member_id]
    asked, now = asked_of(proposal, (), str), load_settings().now().isoformat()
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
