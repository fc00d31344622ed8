"""Disconnecting a hub whose Owners were asked, and had asked and approved: it all ends, and they are told."""

import fcntl

import pytest

from flows.applying.rows import intention
from flows.hubs.disconnecting import DISCONNECTED, disconnect
from flows.opening.ledger import ledger_of
from flows.owners.member_requests import grant, set_role
from flows.owners.seat_of import ActionRefused
from matching.review.approvals import INTENDED, unsettled
from tasks.errors import HubBusy
from tasks.ledger.verify import verify
from tests.flows.owned_hub import OwnedHub


@pytest.fixture
def connected(owned: OwnedHub) -> OwnedHub:
    """The hub stands in hubs.d/, as one that was connected."""
    head, _, rest = owned.ws.config.read_text().partition("[[hubs]]")
    hub, mark, tail = rest.partition("[meta]")
    owned.ws.config.write_text(f"{head}{mark}{tail}\n[warehouse]\nlock_wait_s = 0\n")
    (owned.ws.folder / "hubs.d").mkdir()
    (owned.ws.folder / "hubs.d" / "agency.toml").write_text(hub)
    return owned


def test_what_is_open_ends_with_a_row_each_and_the_owners_are_told(connected: OwnedHub) -> None:
    hub, settings = connected, connected.settings
    seats = hub.seats(kind="user", tab="onboarded", role="EMPLOYEE")
    page = next(iter(hub.ws.box.world.assets_of("page", is_client=False))).id
    hub.login(0)
    (given,) = grant(settings, "agency", seats[0]["member_id"], f"page:{page}", "analyze", "client")
    (asked,) = set_role(settings, "agency", seats[1]["member_id"], "ADMIN", "promoted")
    hub.answer(1, given.change, "do")
    told = len(hub.mails())

    done = disconnect(settings, "agency", "the portfolio was sold")

    assert (done.ended.approved, done.ended.asked) == ([given.change], [asked.change])
    (review,) = done.ended.reviews
    with ledger_of(settings) as ledger, ledger.reading() as book:
        rows = {row.kind: row.payload for row in book.entries(hub="agency")}
        assert verify(ledger).ok
    assert rows["review_closed"] == {"review": review, "state": "cancelled"}
    assert (rows["result"]["change"], rows["result"]["outcome"]) == (given.change, "withdrawn")
    assert rows["request_ended"]["change"] == asked.change
    assert rows[DISCONNECTED]["business"] == hub.ws.box.world.business.id
    mails = [mail["text"] or "" for mail in hub.mails()[told:]]
    assert sum("the portfolio was sold" in text for text in mails) == 2
    assert hub.writes() == []
    assert not (hub.ws.folder / "hubs.d" / "agency.toml").exists()
    assert hub.ws.rows("select count(*) > 0 from members where hub = 'agency'") == [(True,)]


def test_nothing_ends_while_somebody_checks_the_hub(connected: OwnedHub) -> None:
    with (connected.ws.folder / ".hubroster" / ".agency.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # as a check does

        with pytest.raises(HubBusy):
            disconnect(connected.settings, "agency", "sold")

    assert connected.asked()
    assert (connected.ws.folder / "hubs.d" / "agency.toml").exists()


def test_a_change_that_was_begun_at_meta_is_settled_first(connected: OwnedHub) -> None:
    hub = connected
    hub.login(0)
    seat = hub.seats(kind="user", tab="onboarded", role="EMPLOYEE")[0]
    (asked,) = set_role(hub.settings, "agency", seat["member_id"], "ADMIN", "promoted")
    hub.answer(1, asked.change, "do")
    _intend(hub)

    with pytest.raises(ActionRefused, match=r"1 changes were begun at Meta.*hubroster apply agency"):
        disconnect(hub.settings, "agency", "sold")

    assert (hub.ws.folder / "hubs.d" / "agency.toml").exists()
    assert hub.rows(DISCONNECTED) == []


def _intend(hub: OwnedHub) -> None:
    """Write what stands in the ledger when `apply` is killed before it knows what came of its call."""
    with ledger_of(hub.settings) as ledger, ledger.writing() as book:
        (approval,) = unsettled(book.entries(hub="agency"), "agency")
        row = intention(approval, {})
        book.append(INTENDED, hub="agency", actor="hubroster", identified_by="apply", payload=row)
