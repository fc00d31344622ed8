"""A directory that is refused, re-keyed or cut: nobody leaves by it, and no leaver comes back by it."""

from datetime import timedelta
from pathlib import Path

import pytest

from flows.settings import load_settings
from tests.flows.plain_rows import RowsWorkspace, member, person, rows_workspace

ANA, BEN, CLEO, DAN = (
    person(1, "Ana Ruiz"),
    person(2, "Ben Okafor"),
    person(3, "Cleo Marsh"),
    person(4, "Dan Ito"),
)
STAFF = [ANA, BEN, CLEO, DAN, *(person(n, f"Colleague Number{n}") for n in range(5, 30))]


def seat(number: int, who: dict[str, str], **more: object) -> dict[str, object]:
    return {**member(number, who["display_name"], email=who["primary_email"]), **more}


HUB = {
    "business_users": [
        seat(10, ANA, role="ADMIN"),
        seat(11, BEN, role="ADMIN"),
        seat(12, CLEO),
        seat(13, DAN),
    ]
}


def without(*gone: dict[str, str]) -> list[dict[str, str]]:
    return [row for row in STAFF if row not in gone]


def left(who: dict[str, str], **more: object) -> list[dict[str, object]]:
    return [{**row, "status": "deprovisioned", **more} if row is who else row for row in STAFF]


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RowsWorkspace:
    made = rows_workspace(tmp_path, monkeypatch)
    made.people(*STAFF)
    return made


def test_without_an_accepted_directory_nobody_is_called_a_stranger(hub: RowsWorkspace) -> None:
    hub.people()
    unread = hub.check(HUB)
    hub.people(*STAFF)
    read = hub.check(HUB)

    assert unread.asks_for_help
    assert (unread.proposed("resolve"), unread.found("address_outside")) == ([], [])
    assert (read.proposed("resolve"), read.changes) == ([], [])


def test_a_refused_read_holds_back_the_leavers_of_its_source_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = rows_workspace(tmp_path, monkeypatch, sources=("people.csv", "guests.csv"))
    guests = [person(90, "Gina Guest", kind="guest"), person(91, "Gero Guest", kind="guest")]
    world = {"business_users": [*HUB["business_users"], seat(20, guests[0])]}
    hub.people(*STAFF)
    hub.people(*guests, file="guests.csv")
    hub.check(world)
    hub.people(*left(CLEO))
    hub.people({**guests[0], "status": "deprovisioned"}, guests[1], file="guests.csv")
    hub.check(world)
    hub.people(file="guests.csv")

    refused = hub.check(world)

    assert refused.asks_for_help
    assert refused.proposed("remove") == ["12"]
    assert list(refused.held) == ["20"]
    assert "guests.csv" in refused.held["20"][0]


def test_who_is_missing_stays_a_colleague_and_is_marked(hub: RowsWorkspace) -> None:
    hub.check(HUB)
    hub.people(*without(CLEO))
    found = hub.check(HUB)

    assert (found.proposed("remove"), found.held, found.found("person_missing")) == ([], {}, ["12"])
    assert found.seat("12")["tab"] == "onboarded"


def test_a_source_that_was_re_keyed_changes_nobody(hub: RowsWorkspace) -> None:
    before = hub.check(HUB)
    hub.people(*({**row, "person_id": f"new-{row['person_id']}"} for row in STAFF))
    found = hub.check(HUB)

    assert found.asks_for_help
    assert not found.directory[0].accepted
    assert "re-keyed" in str(found.directory[0].reason)
    assert (found.digest, found.changes, found.proposed("resolve")) == (before.digest, [], [])


def test_a_renamed_status_column_brings_no_leaver_back(hub: RowsWorkspace) -> None:
    hub.people(*left(CLEO))
    before = hub.check(HUB)
    hub.people(*({**row, "status": "", "state": row["status"]} for row in STAFF))
    found = hub.check(HUB)

    assert before.proposed("remove") == ["12"]
    assert (found.proposed("remove"), list(found.held), found.asks_for_help) == ([], ["12"], True)


def test_re_keyed_ids_never_become_departures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = rows_workspace(tmp_path, monkeypatch, absence="left")
    hidden = {"business_users": [{**row, "email": None} for row in HUB["business_users"]]}
    hub.people(*STAFF)
    hub.check(HUB)
    for days in (1, 2, 3):
        hub.move_clock(days * 86400)
        hub.people(*({**row, "person_id": f"new-{row['person_id']}"} for row in STAFF))
        found = hub.check(hidden)
        assert (found.proposed("remove"), found.held) == ([], {})
        assert found.asks_for_help


def test_absence_means_left_only_when_two_files_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = rows_workspace(tmp_path, monkeypatch, absence="left")
    hub.people(*STAFF)
    hub.check(HUB)
    made = load_settings().now() + timedelta(hours=1)
    hub.move_clock(3600)
    hub.people(*without(CLEO), at=made)
    hub.check(HUB)
    hub.move_clock(23 * 3600)
    the_same_file = hub.check(HUB)
    hub.people(*without(CLEO))
    another = hub.check(HUB)

    assert (the_same_file.proposed("remove"), the_same_file.found("person_missing")) == ([], ["12"])
    assert another.proposed("remove") == ["12"]


@pytest.mark.parametrize(("absence", "told"), [("missing", True), ("left", False)])
def test_by_a_directory_that_never_says_who_left_nobody_can_say_that_all_is_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, absence: str, told: bool
) -> None:
    hub = rows_workspace(tmp_path, monkeypatch, absence=absence)
    hub.people(*({**row, "status": ""} for row in STAFF))
    found = hub.check(HUB)

    assert ("leavers_untold" in {finding["kind"] for finding in found.report["findings"]}) is told


def test_an_older_export_that_is_put_back_brings_nobody_back(hub: RowsWorkspace) -> None:
    """It is fresh enough by itself, and doesn't know who has left since."""
    now = load_settings().now()
    hub.people(*left(CLEO), at=now - timedelta(hours=2))
    hub.check(HUB)
    hub.people(*STAFF, at=now - timedelta(hours=30))
    found = hub.check(HUB)

    assert (found.seat("12")["tab"], found.asks_for_help) == ("deprovisioned", True)
    assert found.directory[0].reason == "was made before the last accepted read: it is an older export"


def test_a_file_that_was_dated_in_the_future_refuses_none_that_comes_after_it(hub: RowsWorkspace) -> None:
    hub.people(*STAFF, at=load_settings().now() + timedelta(hours=20))
    hub.check(HUB)
    hub.people(*left(CLEO))

    assert hub.check(HUB).proposed("remove") == ["12"]


@pytest.mark.parametrize(
    ("more", "told"), [((), True), ((CLEO,), False)], ids=["none else knows her", "another source does"]
)
def test_a_source_that_never_says_who_left_is_named_where_another_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: tuple[dict[str, str], ...], told: bool
) -> None:
    """Of its people nobody is ever found to have left, whatever the other one says of its own."""
    hub = rows_workspace(tmp_path, monkeypatch, sources=("staff.csv", "guests.csv"))
    hub.people(*({**row, "status": ""} for row in (ANA, BEN, CLEO)), file="staff.csv")
    hub.people(person(90, "Gwen Hale"), *more, file="guests.csv")
    found = hub.check({"business_users": [seat(12, CLEO), seat(14, person(90, "Gwen Hale"))]})
    why = [finding["why"] for finding in found.report["findings"] if finding["kind"] == "untold_by"]

    assert [one.startswith("file:staff.csv never says who has left") for one in why] == [True] * told
