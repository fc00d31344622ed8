"""A code to accept the Owner's role is worth nothing once there is another Owner who must approve it."""

from pathlib import Path

import pytest

from flows.opening.ledger import ledger_of
from flows.owners.naming import owner_accept, owner_add
from flows.owners.seat_of import ActionRefused
from flows.review.owner_roles import name_owner
from tests.flows.owned_hub import owned_hub


def test_a_third_owner_is_approved_by_the_second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with owned_hub(tmp_path, monkeypatch, owners=1) as hub:
        taken = {row["person_id"] for row in hub.seats()} | {hub.owners[0]["person_id"]}
        second, third = [
            row
            for row in hub.ws.box.world.directory
            if row["status"] == "active" and row["kind"] == "employee" and row["person_id"] not in taken
        ][:2]
        hub.login(0)
        owner_add(hub.settings, "agency", third["primary_email"], "for the holidays")
        code, ref = hub.code_for(third["primary_email"]), hub.ref_of(second["person_id"])
        with ledger_of(hub.settings) as ledger, ledger.writing() as book:
            name_owner(book, "agency", ref, actor=ref, identified_by="claim code")

        with pytest.raises(ActionRefused, match="two Owners"):
            owner_accept(hub.settings, "agency", third["primary_email"], code)

        assert {row.payload["person"] for row in hub.rows("owner_named")} == {hub.ref(0), ref}
