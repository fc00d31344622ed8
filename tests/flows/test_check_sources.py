"""Several directories: who has the word, and that one that is broken harms no other."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.opening.ledger import people_by_address, people_by_id
from flows.settings import load_settings
from tasks.warehouse import queries
from tests.flows.plain_rows import RowsWorkspace, member, person, rows_workspace

HR, ENTRA = "hr.csv", "entra.csv"
ANA, BEN, CLEO, DAN = (
    person(n, name) for n, name in enumerate(("Ana Ruiz", "Ben Oz", "Cleo Marsh", "Dan Ito"), 1)
)
STAFF = [ANA, BEN, CLEO, DAN]
WORLD: dict[str, Any] = {
    "business_users": [
        member(10 + n, who["display_name"], email=who["primary_email"], role="ADMIN")
        for n, who in enumerate(STAFF)
    ]
}
HIDDEN = {"business_users": [{**row, "email": None} for row in WORLD["business_users"]]}


def again(rows: list[dict[str, Any]], prefix: str = "guid", **more: Any) -> list[dict[str, Any]]:
    """Return the same people as another source has them: by its own ids."""
    return [{**row, "person_id": f"{prefix}-{row['person_id']}", **more} for row in rows]


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RowsWorkspace:
    made = rows_workspace(tmp_path, monkeypatch, sources=(HR, ENTRA))
    made.people(*STAFF, file=HR)
    made.people(*again(STAFF), file=ENTRA)
    return made


def test_who_is_in_two_sources_by_other_ids_is_one_person(hub: RowsWorkspace) -> None:
    """Else every address would be that of two people, and nobody linked."""
    found = hub.check(WORLD)

    assert [found.seat(str(n))["person_id"] for n in (10, 11, 12, 13)] == ["p1", "p2", "p3", "p4"]
    assert (found.proposed("resolve"), found.proposed("remove")) == ([], [])


def test_the_first_source_has_the_word_about_who_left(hub: RowsWorkspace) -> None:
    hub.check(WORLD)
    hub.people(ANA, BEN, CLEO, {**DAN, "status": "deprovisioned"}, file=HR)
    hub.people(*again([ANA, BEN, DAN]), *again([CLEO], status="deprovisioned"), file=ENTRA)
    found = hub.check(WORLD)

    assert found.proposed("remove") == ["13"]
    assert [change["person"] for change in found.report["changes"]] == ["p4"]
    assert found.found("left_elsewhere") == ["12"]  # Cleo: not asked about, but told


def test_a_source_without_statuses_leaves_the_word_to_the_next(hub: RowsWorkspace) -> None:
    """It calls everybody active for want of a word; the next one knows who left, and must be read for it."""
    bare = [{name: value for name, value in who.items() if name != "status"} for who in STAFF]
    hub.people(*bare, file=HR)
    hub.people(*again([ANA, BEN, CLEO]), *again([DAN], status="deprovisioned"), file=ENTRA)
    found = hub.check(WORLD)
    (hub.folder / ENTRA).write_bytes(b"\0 not a directory")
    unread = hub.check(WORLD)
    with duckdb.connect(str(hub.warehouse), read_only=True) as con:
        roster = queries.roster(con, "acme", load_settings().directory_order).set_index("member_id")

    assert found.proposed("remove") == ["13"]
    assert (unread.proposed("remove"), list(unread.held)) == ([], ["13"])
    assert roster["tab"]["13"] == "deprovisioned"


def test_a_snapshot_shows_the_person_whom_matching_took(hub: RowsWorkspace) -> None:
    """By the source that is configured first, and not by the one whose name comes first."""
    hub.people(
        {**ANA, "department": "Films"}, {**BEN, "status": "deprovisioned"}, CLEO, {**DAN, "display_name": ""},
        file=HR,
    )  # fmt: skip
    hub.people(
        {**ANA, "status": "deprovisioned", "department": "Music"}, BEN,
        *again([CLEO], status="suspended"), DAN,
        file=ENTRA,
    )  # fmt: skip
    done = hub.check(WORLD)
    seats = {member_id: done.seat(member_id) for member_id in ("10", "11", "12", "13")}
    with duckdb.connect(done.told["snapshot"], read_only=True) as con:
        shown = con.execute(
            "select member_id, person_id, person_name, person_status, tab from roster.members_now order by 1"
        ).fetchall()
        people = con.execute(
            "select person_id, known_as, source, department, status from roster.people_now order by all"
        ).fetchall()

    assert [tab for *_, tab in shown] == [seats[str(n)]["tab"] for n in (10, 11, 12, 13)]
    assert [row[1:4] for row in shown] == [
        ("p1", "Ana Ruiz", "active"),
        ("p2", "Ben Oz", "deprovisioned"),
        ("p3", "Cleo Marsh", "active"),
        ("p4", "Dan Ito", "active"),
    ]
    assert people == [
        ("guid-p3", "p3", "file:hr.csv", None, "active"),
        ("p1", "p1", "file:hr.csv", "Films", "active"),
        ("p2", "p2", "file:hr.csv", None, "deprovisioned"),
        ("p3", "p3", "file:hr.csv", None, "active"),
        ("p4", "p4", "file:hr.csv", None, "active"),
    ]


def test_a_source_that_is_added_before_another_takes_no_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The seats' addresses are hidden by then: only the links of before say whose they are."""
    hub = rows_workspace(tmp_path, monkeypatch, sources=(ENTRA,))
    hub.people(*again(STAFF), file=ENTRA)
    hub.check(WORLD)
    config = tmp_path / "hubroster.toml"
    config.write_text(
        config.read_text().replace("[[directory]]", f'[[directory]]\npath = "{HR}"\n[[directory]]', 1)
    )
    hub.people(ANA, BEN, CLEO, {**DAN, "status": "deprovisioned"}, file=HR)
    found = hub.check(HIDDEN)
    told = [change["person"] for change in found.report["changes"] if change["kind"] == "person_left"]
    settings = load_settings()

    assert [found.seat(str(n))["person_id"] for n in (10, 12)] == ["guid-p1", "guid-p3"]
    assert (found.proposed("remove"), told) == (["13"], ["guid-p4"])
    assert people_by_id(settings, ["p4"])["p4"] == people_by_id(settings, ["guid-p4"])["guid-p4"]
    assert people_by_id(settings, ["guid-p4"])["guid-p4"].status == "deprovisioned"
    (dan,) = people_by_address(settings, [DAN["primary_email"]])[DAN["primary_email"]]
    assert (dan.person_id, dan.status) == ("guid-p4", "deprovisioned")


@pytest.mark.parametrize("broken", [HR, ENTRA])
def test_one_that_is_broken_holds_back_no_leaver_of_the_other(hub: RowsWorkspace, broken: str) -> None:
    other = ENTRA if broken == HR else HR
    guest = person(9, "Gina Holt", kind="guest")
    hub.people(*(STAFF if other == HR else again(STAFF)), guest, file=other)
    world = {
        "business_users": [*WORLD["business_users"], member(20, "Gina Holt", email=guest["primary_email"])]
    }
    hub.check(world)
    rows = STAFF if other == HR else again(STAFF)
    hub.people(*rows, {**guest, "status": "deprovisioned"}, file=other)
    (tmp := hub.folder / broken).write_bytes(b"\0 not a directory")
    found = hub.check(world)

    assert tmp.exists()
    assert [read.accepted for read in found.directory] == [broken == ENTRA, broken == HR]
    assert found.proposed("remove") == ["20"]
    assert found.asks_for_help
