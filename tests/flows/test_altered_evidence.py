"""A report or a ledger that somebody altered: nothing is done on it, and all who must know are told."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flows.answers.page import Answering, Entered, Refused
from flows.opening.ledger import ledger_of
from flows.reconcile import Reconciled, reconcile
from flows.review.answering import SeenFrom
from flows.review_gate import describe, title
from tasks.errors import LedgerError
from tasks.ledger.verify import verify
from tests.reliability.approval_scene import LABEL, Approving, Dawn, dawn_of
from tests.reliability.approval_world import seat_id
from tests.reliability.some_of_many import some_of

EVA, MIA = seat_id("Eva Rust"), "900"
LOST = "was altered or deleted"
SOMEWHERE = SeenFrom("203.0.113.9", "browser")


@pytest.fixture(scope="module")
def dawn() -> Iterator[Dawn]:
    with dawn_of("Eva Rust", "Mia Skog") as made:
        yield made


@pytest.fixture
def hub(dawn: Dawn, request: pytest.FixtureRequest) -> Approving:
    return dawn.begin("".join(c for c in request.node.name if c.isalnum())[:60])


def report_file(hub: Approving) -> Path:
    review = hub.review()
    assert review
    return hub.settings.home / "reports" / f"{review.report}.json"


def delete(file: Path) -> None:
    file.unlink()


def alter(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b"Eva Rust", b"Eve Rush"))


@pytest.mark.parametrize("spoil", some_of([alter, delete], 2))
def test_on_a_lost_report_nothing_is_done_and_the_next_check_asks_anew(
    hub: Approving, spoil: Callable[[Path], None]
) -> None:
    """What was approved before is not done either; Owners and operator are told, once."""
    hub.says("Bo Marsh", about="Eva Rust")
    code = hub.code_about("Bo Marsh", "Mia Skog")
    spoil(report_file(hub))

    (reason,) = hub.type(code).refused
    assert LOST in reason
    assert str(hub.settings.home) not in reason
    assert hub.review() is None
    hub.notify()
    for name in ("Ada Lund", "Bo Marsh", "Olga Pind"):
        told = [m for m in hub.mails(name) if LOST in " ".join(m["text"].split())]
        assert len(told) == 1
    hub.notify()
    hub.pass_time(minutes=16)
    assert {one.outcome for one in hub.apply().values()} == {"stale"}
    assert hub.deletes() == []

    hub.check()
    assert set(hub.asked().values()) >= {EVA, MIA}
    hub.says("Bo Marsh", about="Eva Rust")
    hub.pass_time(minutes=16)
    assert {one.member_id: one.outcome for one in hub.apply().values()} == {EVA: "done"}
    assert hub.ledger_ok()


def test_the_page_and_the_form_say_so_and_the_hourly_run_fails_visibly(hub: Approving) -> None:
    page = Answering(hub.settings)
    found = page.enter("agency-2", hub.code("Bo Marsh", "Type this code there"), SOMEWHERE)
    assert isinstance(found, Entered)
    delete(report_file(hub))

    shown = page.standing(found.token)
    assert isinstance(shown, Refused)
    assert LOST in shown.reason
    assert title(hub.settings, LABEL, "agency-2") is None
    assert describe(hub.settings, LABEL, "agency-2", "") is None
    done = _reconcile(hub)
    assert done.review is None
    assert any(LOST in line for line in done.failed)
    assert _reconcile(hub).failed == (), "it is told once"


def test_receipts_and_results_of_an_older_review_go_out_without_its_report(hub: Approving) -> None:
    hub.says("Bo Marsh", about="Eva Rust")
    older = report_file(hub)
    hub.pass_time(minutes=16)
    hub.ws.admin(f"members/{seat_id('Finn Aske')}/role", {"role": "ADMIN"})
    hub.leave("Finn Aske")
    hub.apply()
    hub.check()
    delete(older)
    hub.notify()

    assert hub.mails("Olga Pind", "Done")


def test_nothing_is_changed_at_meta_on_a_ledger_that_somebody_altered(hub: Approving) -> None:
    """Somebody moves Bo's yes from Eva to another seat: the entry is named, and nothing is done."""
    hub.says("Bo Marsh", about="Eva Rust")
    (approved,) = hub.rows("approved")
    hub.pass_time(minutes=16)
    _sql(hub, f"update entries set payload = replace(payload, '{EVA}', '10005') where seq = {approved.seq}")

    with ledger_of(hub.settings) as ledger:
        found = verify(ledger)
    assert (found.ok, found.first_broken) == (False, approved.seq)
    for _ in range(2):
        with pytest.raises(LedgerError, match=f"entry {approved.seq} was changed.*nothing of agency"):
            hub.apply()
        hub.notify()
    assert hub.writes() == []
    assert [row.payload["entry"] for row in hub.rows("chain_broken")] == [approved.seq]
    hub.pass_time(hours=25)
    with pytest.raises(LedgerError):
        hub.apply()
    assert len(hub.rows("chain_broken")) == 2, "told daily, as long as it lasts"
    hub.notify()
    assert "was altered at entry" in " ".join(hub.mails("Olga Pind", "Receipt")[-1]["text"].split())

    _sql(hub, f"update entries set payload = replace(payload, '10005', '{EVA}') where seq = {approved.seq}")
    assert {one.member_id: one.outcome for one in hub.apply().values()} == {EVA: "lapsed"}
    assert hub.writes() == []


def _reconcile(hub: Approving) -> Reconciled:
    return asyncio.run(reconcile(hub.settings, LABEL))


def _sql(hub: Approving, statement: str) -> None:
    con = sqlite3.connect(hub.settings.home / "ledger.db")
    with con:
        con.execute("drop trigger if exists entries_stay")
        con.execute(statement)
    con.close()
