"""Two hubs that are changed at the same moment, and see one Page: the second one looks again."""

import pandas as pd
import pytest

from flows.applying import fresh_facts
from flows.opening.ledger import ledger_of
from tests.flows.owned_hub import OwnedHub, leaver, while_reading


def test_what_another_hub_began_while_this_one_was_read_is_read_again_first(
    owned: OwnedHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both read, and each counts on the other's last one in control of a Page."""
    change, seat = leaver(owned)
    owned.answer(0, change, "remove")
    read = fresh_facts.controllers_now

    def with_other_hub(*how: object) -> pd.DataFrame:
        other = {"hub": "umbra", "member_kind": "user", "member_id": "77", "has_left": False}
        shop = {"asset_kind": "page", "asset_id": "500"}
        return pd.concat([read(*how), pd.DataFrame([other | shop])])  # type: ignore[arg-type]

    def begins() -> None:
        with ledger_of(owned.settings) as ledger, ledger.writing() as book:
            payload = {"approval": 1, "member_kind": "user", "member_id": "77", "call": "remove", "role": ""}
            book.append("intended", hub="umbra", actor="hubroster", identified_by="apply", payload=payload)

    monkeypatch.setattr(fresh_facts, "controllers_now", with_other_hub)
    while_reading(monkeypatch, begins)

    assert owned.apply() == {}
    assert owned.user(seat["member_id"]) is not None
    assert owned.apply()[change].outcome == "done"
