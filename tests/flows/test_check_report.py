"""The report as evidence: the same bytes for the same facts, other ones when a fact changes."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from deployments.cli.report import report as show
from flows.opening.ledger import ledger_of
from flows.settings import load_settings
from tasks.errors import HubrosterError, InputError
from tasks.ledger.verify import verify
from tasks.reports import read_report
from tests.flows.plain_check import Check
from tests.flows.plain_rows import RowsWorkspace, grant, member, person, rows_workspace

STAFF = [person(n, f"Colleague Number{n}") for n in range(1, 30)]
LEFT = [{**STAFF[0], "status": "deprovisioned"}, *STAFF[1:]]


def seat(number: int, **more: object) -> dict[str, object]:
    row = STAFF[number - 1]
    return {**member(number, row["display_name"], email=row["primary_email"]), **more}


WORLD: dict[str, Any] = {
    "business_users": [seat(1), seat(2), seat(3, role="ADMIN"), member(90, "Colleague Nombre5")],
    "owned_pages": [{"id": "700", "name": "Shop"}, {"id": "701", "name": "Club"}],
    "assigned_pages": [
        grant(1, 700, "ANALYZE", "ADVERTISE"),
        grant(1, 701, "ANALYZE"),
        grant(90, 700, "ANALYZE"),
    ],
}


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RowsWorkspace:
    made = rows_workspace(tmp_path, monkeypatch)
    made.people(*LEFT)
    return made


def evidence(check: Check) -> dict[str, str]:
    return {p["subject"]: p["evidence"] for p in check.report["proposals"] + check.report["held_back"]}


def test_the_order_of_rows_and_tasks_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for seed in range(3):
        dice = random.Random(seed)  # noqa: S311, an order
        hub = rows_workspace(tmp_path / str(seed), monkeypatch)
        hub.people(*dice.sample(LEFT, len(LEFT)))
        world = {edge: dice.sample(rows, len(rows)) for edge, rows in WORLD.items()}
        world["assigned_pages"] = [
            {**row, "tasks": dice.sample(row["tasks"], len(row["tasks"]))} for row in world["assigned_pages"]
        ]
        found.append(hub.check(world))

    assert len({check.digest for check in found}) == 1
    assert [check.report["proposals"] for check in found[1:]] == [found[0].report["proposals"]] * 2


def _without_a_grant(world: dict[str, Any]) -> None:
    del world["assigned_pages"][1]


def _another_task(world: dict[str, Any]) -> None:
    world["assigned_pages"][1] = grant(1, 701, "ADVERTISE")


def _another_role(world: dict[str, Any]) -> None:
    world["business_users"][0]["role"] = "DEVELOPER"


def _another_name(world: dict[str, Any]) -> None:
    world["business_users"][3]["name"] = "Colleague Nombre6"


def _gone(world: dict[str, Any]) -> None:
    del world["business_users"][3]


@pytest.mark.parametrize("change", [_without_a_grant, _another_task, _another_role, _another_name, _gone])
def test_the_digest_changes_with_a_fact_that_a_proposal_rests_on(
    hub: RowsWorkspace, change: Callable[[dict[str, Any]], None]
) -> None:
    before = hub.check(WORLD)
    world = json.loads(json.dumps(WORLD))
    change(world)
    after = hub.check(world)
    back = hub.check(WORLD)

    assert after.digest != before.digest
    assert (back.digest, evidence(back)) == (before.digest, evidence(before))


def test_the_digest_stays_when_something_else_changes(hub: RowsWorkspace) -> None:
    before = hub.check(WORLD)
    world = json.loads(json.dumps(WORLD))
    world["business_users"][1]["role"] = "DEVELOPER"
    world["owned_pages"].append({"id": "702", "name": "New"})
    world["assigned_pages"].append(grant(2, 702))
    hub.people(*LEFT, person(99, "Somebody Unlike"))
    after = hub.check(world)

    assert after.digest == before.digest


def test_a_report_that_was_altered_is_refused(hub: RowsWorkspace) -> None:
    found = hub.check(WORLD)
    home, name = hub.folder / ".hubroster", found.told["report_id"]
    path = home / "reports" / f"{name}.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_report(home, name[:12]) == found.report

    path.write_bytes(path.read_bytes().replace(b"Number1", b"Number2", 1))

    with pytest.raises(InputError, match="changed after it was written"):
        read_report(home, name)


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff", b"[1]", b'"x"'])
def test_a_report_that_is_damaged_is_one_line(hub: RowsWorkspace, damage: bytes) -> None:
    found = hub.check(WORLD)
    home, name = hub.folder / ".hubroster", found.told["report_id"]
    (home / "reports" / f"{name}.json").write_bytes(damage)

    with pytest.raises(InputError):
        read_report(home, name)


def test_a_report_that_cannot_be_written_is_one_line(hub: RowsWorkspace) -> None:
    (hub.folder / ".hubroster").mkdir()
    (hub.folder / ".hubroster" / "reports").write_text("a file where the folder should be")

    with pytest.raises(HubrosterError, match="report"):
        hub.check(WORLD)


def test_a_snapshot_that_cannot_be_written_loses_no_report(hub: RowsWorkspace) -> None:
    (hub.folder / "snapshots").write_text("a file where the folder should be")

    with pytest.raises(HubrosterError, match="hubroster report acme"):
        hub.check(WORLD)
    assert hub.rows("select complete, finished_at is not null, report_id is not null from checks") == [
        (True, True, True)
    ]


def test_the_snapshot_that_is_pointed_to_stays_where_the_clock_went_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = rows_workspace(tmp_path, monkeypatch, more="[snapshots]\nkeep = 1\n")
    hub.move_clock(86400)
    hub.people(*STAFF)
    hub.check(WORLD)
    hub.move_clock(0)
    back = hub.check(WORLD)

    assert Path(back.told["snapshot"]).exists()
    assert Path(back.told["snapshot_masked"]).exists()


def test_whoever_keeps_a_snapshot_is_a_witness_of_the_ledger(hub: RowsWorkspace) -> None:
    with ledger_of(load_settings()) as ledger, ledger.writing() as book:
        book.append("decided", hub="acme", actor="hubroster", identified_by="test", payload={})
    found = hub.check(WORLD)

    for file in (found.told["snapshot"], found.told["snapshot_masked"]):
        with duckdb.connect(file, read_only=True) as con:
            ((told,),) = con.execute("select ledger_head from roster.about").fetchall()
        seq, held = told.split()
        with ledger_of(load_settings()) as ledger:
            assert verify(ledger, [(int(seq), held)]).witnessed_up_to == int(seq) > 0
            assert not verify(ledger, [(int(seq), "0" * 64)]).ok


def test_what_is_held_back_is_apart_and_counts(hub: RowsWorkspace) -> None:
    found = hub.check({**WORLD, "assigned_pages": [grant(1, 700)]})

    assert (found.told["proposals"].get("remove"), found.told["held_back"]) == (None, 1)
    assert found.asks_for_help
    assert found.held["1"] == [
        "Held back: nobody else controls Shop. Give somebody else full control there first."
    ]


def test_an_old_report_says_that_it_is(hub: RowsWorkspace, capsys: pytest.CaptureFixture[str]) -> None:
    """It is the last one, and would say of today what it can't know: a check that fails writes none."""
    found = hub.check(WORLD)
    show("acme")
    fresh = capsys.readouterr().out
    hub.move_clock(3 * 86400)
    show("acme")
    old = capsys.readouterr().out
    show("acme", id=found.told["report_id"])
    asked_for = capsys.readouterr().out

    assert old.startswith("3 days old, and no check came to its end since")
    assert old.endswith(fresh)
    assert asked_for == fresh
