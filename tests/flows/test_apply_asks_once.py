"""What `apply` asks and writes is as much for many changes as for one, but for the calls themselves."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from matching.review.standing import open_review
from tasks import boundaries
from tests.flows.owned_hub import OwnedHub


@contextmanager
def _counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """Count how often entries of the ledger are read, and how often it is written to."""
    found: Counter[str] = Counter()

    def read(*about: Any) -> None:
        if "entries.payload" in about[2]:
            found["reads of entries"] += 1

    def here(name: str) -> None:
        if name in ("ledger.writing", "warehouse.merged"):
            found[name] += 1

    event.listen(Engine, "before_cursor_execute", read)
    monkeypatch.setattr(boundaries, "on_boundary", here)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", read)
        monkeypatch.setattr(boundaries, "on_boundary", None)


def _approve(hub: OwnedHub, count: int) -> list[str]:
    """Let so many colleagues leave and an Owner say yes to it; return their seats."""
    seats = [r for r in hub.seats(kind="user", tab="onboarded") if r["role"] == "EMPLOYEE"][:count]
    for seat in seats:
        hub.ws.admin(f"directory/{seat['person_id']}", {"status": "deprovisioned"})
    hub.check()
    review = open_review(hub.rows(), "agency")
    assert review is not None
    leaving = {seat["member_id"] for seat in seats}
    changes = [one.id for one in review.asked.values() if one.member_id in leaving]
    assert len(changes) == count
    for change in changes:
        hub.answer(0, change, "remove")
    return sorted(leaving)


def test_two_removals_ask_ledger_and_meta_as_often_as_one(
    owned: OwnedHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts, requests = [], []
    for many in (1, 2):
        seats = _approve(owned, many)
        before = len(owned.ws.box.admin("requests")["requests"])
        with _counted(monkeypatch) as found:
            settled = owned.apply()
        asked = owned.ws.box.admin("requests")["requests"][before:]
        assert sorted(one.member_id for one in settled.values() if one.outcome == "done") == seats
        counts.append(found)
        requests.append(Counter(row["method"] for row in asked))

    assert counts[0] == counts[1]
    assert [one.pop("DELETE") for one in requests] == [1, 2]
    assert requests[0] == requests[1]
