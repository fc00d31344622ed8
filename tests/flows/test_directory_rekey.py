"""A source that gives its people other ids loses nobody: links, decisions and Owners go with them."""

from pathlib import Path
from typing import Any

import pytest

import flows.directory.rekey
from flows.directory.accept import accept
from flows.directory.explain import explain_person
from flows.directory.rekey import look, rekey
from flows.opening.ledger import ledger_of
from flows.owners.seat_of import ActionRefused
from flows.review.reviewing import decisions_of
from flows.settings import load_settings
from matching.review.decisions import MATCHED
from matching.review.directory import REKEYED
from matching.review.owners import owners_of
from tasks.errors import WarehouseError
from tasks.ledger.verify import verify
from tests.flows.directory_owner import append, entries, log_in
from tests.flows.plain_check import Check
from tests.flows.plain_rows import RowsWorkspace, member, person, rows_workspace

NAMES = ("Ana Ruiz", "Ben Oz", "Cleo Marsh", "Dan Ito", "Eva Lind", "Finn Roth", "Gita Rao")
STAFF = [person(n, name) for n, name in enumerate(NAMES, 1)]
SOURCE = "file:people.csv"
SHOWN: dict[str, Any] = {
    "business_users": [
        member(10 + n, who["display_name"], email=who["primary_email"], role="ADMIN")
        for n, who in enumerate(STAFF[:6], 1)
    ]
    + [member(20, "Nickname", role="EMPLOYEE")]
}
HIDDEN = {"business_users": [{**row, "email": None} for row in SHOWN["business_users"]]}


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RowsWorkspace:
    """Seven colleagues; the seat 20 is that of p7, by an Owner's decision; p1 is the Owner."""
    made = rows_workspace(tmp_path, monkeypatch)
    made.people(*STAFF)
    made.check(SHOWN)
    log_in("p1")
    with ledger_of(load_settings()) as ledger, ledger.writing() as book:
        gita = book.ref("person", "p7")
    append(MATCHED, {"stay": "user:20", "member_kind": "user", "member_id": "20", "person": gita})
    return made


def check(hub: RowsWorkspace) -> Check:
    """Check by what was decided; Meta shows no address, so that only what is known says whose a seat is."""
    found = hub.read(HIDDEN).load()
    flow = flows.checking.standing.match_members(found.job, decisions_of(load_settings(), "acme"))
    found.standing = flow
    return found.draw().conclude()


def renamed(**ids: str) -> list[dict[str, Any]]:
    return [{**who, "person_id": ids.get(str(who["person_id"]), f"new-{who['person_id']}")} for who in STAFF]


def linked(found: Check) -> list[Any]:
    return [found.seat(str(n))["person_id"] for n in (11, 12, 13, 14, 15, 16, 20)]


def test_everything_goes_over_to_the_new_ids(hub: RowsWorkspace) -> None:
    before = check(hub)
    hub.people(*renamed())
    refused = check(hub)
    done = rekey(load_settings(), SOURCE, "the identity provider was moved")
    after = check(hub)
    with ledger_of(load_settings()) as ledger, ledger.reading() as book:
        owners = owners_of(book.entries(hub="acme"), "acme", book.now)
        names = [facts["id"] for facts in book.named(owners).values()]

    assert linked(before) == ["p1", "p2", "p3", "p4", "p5", "p6", "p7"]
    assert "re-keyed" in str(refused.directory[0].reason)
    assert (done.mapped, done.unmapped, done.seated) == (7, 0, ())
    assert after.directory[0].accepted
    assert linked(after) == ["new-p1", "new-p2", "new-p3", "new-p4", "new-p5", "new-p6", "new-p7"]
    assert (after.changes, after.proposed("resolve"), after.proposed("remove")) == ([], [], [])
    assert (names, entries(REKEYED)[0].seq) == (["new-p1"], done.seq)
    with ledger_of(load_settings()) as ledger:
        assert verify(ledger).ok


def test_ids_that_go_round_take_nobodys_seat(hub: RowsWorkspace) -> None:
    """Rows that are numbered: p1 was taken out, and everybody has the number of the one before."""
    check(hub)
    hub.people(*({**who, "person_id": f"p{n}"} for n, who in enumerate(STAFF[1:], 1)))
    looked = look(load_settings(), SOURCE)
    rekey(load_settings(), SOURCE, "rows are numbered")
    after = check(hub)

    assert (looked.mapped, looked.seated, looked.seq) == (6, (), 0)
    assert linked(after)[1:] == ["p1", "p2", "p3", "p4", "p5", "p6"]
    assert str(linked(after)[0]).startswith("p1~before-")
    assert after.found("person_missing") == ["11"]
    assert after.proposed("remove") == []


def test_who_does_not_map_is_told_and_becomes_a_question(hub: RowsWorkspace) -> None:
    check(hub)
    rows = renamed()
    rows[3] = {**rows[3], "display_name": "Dana Ito"}
    hub.people(*rows)
    done = rekey(load_settings(), SOURCE, "the identity provider was moved")
    after = check(hub)

    assert (done.mapped, done.unmapped, done.seated) == (6, 1, ("p4",))
    assert linked(after)[:5] == ["new-p1", "new-p2", "new-p3", None, "new-p5"]
    assert (after.proposed("resolve"), after.proposed("remove")) == (["14"], [])


def test_the_file_is_judged_all_the_same(hub: RowsWorkspace) -> None:
    """Re-keyed and cut: the ids go over, and that people are missing is still for an Owner to accept."""
    check(hub)
    hub.people(*renamed()[:3])
    rekey(load_settings(), SOURCE, "the identity provider was moved")

    refused = check(hub).directory[0]
    assert "4 fewer than the last accepted" in str(refused.reason)
    log_in("new-p1")
    accept(load_settings(), None, "four left for the other firm")
    assert check(hub).directory[0].accepted


def test_one_that_was_cut_off_is_gone_on_with_by_the_same_command(
    hub: RowsWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the ledger and the warehouse: the same ids must not go round twice."""
    check(hub)
    circle = {f"p{n}": f"p{n % 7 + 1}" for n in range(1, 8)}
    hub.people(*renamed(**circle))
    with monkeypatch.context() as cut:
        cut.setattr(flows.directory.rekey, "rename_people", _cut_off)
        with pytest.raises(WarehouseError):
            rekey(load_settings(), SOURCE, "rows are numbered")
    log_in("p1")  # the Owner is p2 now, and the warehouse doesn't know
    rekey(load_settings(), SOURCE, "rows are numbered")

    assert len(entries(REKEYED)) == 1
    assert linked(check(hub)) == ["p2", "p3", "p4", "p5", "p6", "p7", "p1"]


def _cut_off(*_: Any) -> None:
    raise WarehouseError("the disk refused")


def test_a_person_is_explained_and_a_source_whose_ids_are_the_same_is_left_alone(
    hub: RowsWorkspace,
) -> None:
    check(hub)
    hub.people(*STAFF[:5], {**STAFF[5], "status": "deprovisioned"}, STAFF[6])
    check(hub)
    found = explain_person(load_settings(), "finn ROTH")

    assert (found.person_id, found.source) == ("p6", SOURCE)
    assert found.said["status"].tolist() == ["deprovisioned", "active"]
    assert found.seats["member_id"].tolist() == ["16"]
    with pytest.raises(ActionRefused, match="nobody of the directory"):
        explain_person(load_settings(), "Finn")
    with pytest.raises(ActionRefused, match=r"nobody of file:people\.csv has another id"):
        rekey(load_settings(), SOURCE, "because")
    (hub.folder / "people.csv").write_bytes(b"\0")
    with pytest.raises(ActionRefused, match="can't be read"):
        look(load_settings(), SOURCE)
