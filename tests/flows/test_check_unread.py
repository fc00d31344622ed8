"""What could not be read before, or is configured otherwise now: it is neither new nor gone."""

from pathlib import Path

import pytest

from tasks.errors import HubrosterError
from tasks.meta.completeness import ScopeGap
from tests.flows.plain_rows import RowsWorkspace, grant, member, person, rows_workspace

STAFF = [person(n, f"Colleague Number{n}") for n in range(1, 30)]


def seat(number: int, **more: object) -> dict[str, object]:
    address = STAFF[number - 1]["primary_email"]
    return {**member(number, STAFF[number - 1]["display_name"], email=address), **more}


def world(*numbers: int, **edges: list[dict[str, object]]) -> dict[str, list[dict[str, object]]]:
    return {"business_users": [seat(number) for number in numbers], **edges}


ONE, TWO, THREE = world(1), world(1, 2), world(1, 2, 3)


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RowsWorkspace:
    made = rows_workspace(tmp_path, monkeypatch, hubs=("acme", "umbra"))
    made.people(*STAFF)
    return made


def test_a_label_that_now_names_another_business_is_refused(hub: RowsWorkspace) -> None:
    hub.check(TWO)
    hub.config.write_text(hub.config.read_text().replace('business_id = "1"', 'business_id = "77"'))

    with pytest.raises(HubrosterError, match=r"business 1\b.*77"):
        hub.check(ONE)
    assert hub.rows("select count(*) from members where valid_to is not null") == [(0,)]


def test_two_sources_of_one_file_name_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = rows_workspace(tmp_path, monkeypatch, sources=("hr/people.csv", "guests/people.csv"))

    with pytest.raises(HubrosterError, match=r"people\.csv"):
        hub.read(ONE)


def test_people_of_a_source_that_is_no_longer_read_are_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = rows_workspace(tmp_path, monkeypatch, sources=("people.csv", "guests.csv"))
    guest = person(90, "Gina Guest", kind="guest")
    hub.people(*STAFF)
    hub.people(guest, file="guests.csv")
    seats = {"business_users": [seat(1), {**member(2, "Gina Guest"), "email": guest["primary_email"]}]}
    hub.check(seats)
    hub.config.write_text(
        hub.config.read_text().replace('[[directory]]\npath = "guests.csv"\nabsence = "missing"\n', "")
    )
    found = hub.check(seats)

    assert (found.found("person_missing"), found.proposed("remove"), found.held) == (["2"], [], {})


def test_a_catalog_seen_through_a_grant_before_its_listing_was_read_is_not_new(hub: RowsWorkspace) -> None:
    seats = world(
        1,
        owned_product_catalogs=[{"id": "300", "name": "Catalog"}],
        assigned_product_catalogs=[grant(1, 300)],
    )
    unread = ["owned_product_catalogs"]
    hub.check(seats, incomplete=dict.fromkeys(unread, ()), without=unread)
    found = hub.check(seats)

    assert found.changes == []


def test_a_grant_that_could_not_be_read_before_is_not_new(hub: RowsWorkspace) -> None:
    seats = world(1, owned_product_catalogs=[{"id": "300", "name": "Catalog"}])
    gap = {"assigned_product_catalogs": (ScopeGap("user", "1", "refused"),)}
    hub.check(seats, incomplete=gap)
    found = hub.check({**seats, "assigned_product_catalogs": [grant(1, 300)]})

    assert found.changes == []


def test_the_gap_of_one_member_hides_nobody_elses_new_grants(hub: RowsWorkspace) -> None:
    seats = world(1, 2, owned_product_catalogs=[{"id": "300", "name": "Catalog"}])
    gap = {"assigned_product_catalogs": (ScopeGap("user", "1", "refused"),)}
    hub.check(seats, incomplete=gap)
    found = hub.check({**seats, "assigned_product_catalogs": [grant(1, 300), grant(2, 300)]})

    assert found.changes == [("grant_added", "Colleague Number2")]


def test_a_new_catalog_is_told_though_those_of_clients_could_not_be_read(hub: RowsWorkspace) -> None:
    unread = {"incomplete": {"client_product_catalogs": ()}, "without": ["client_product_catalogs"]}
    hub.check(ONE, **unread)
    found = hub.check(world(1, owned_product_catalogs=[{"id": "300", "name": "Catalog"}]), **unread)

    assert found.changes == [("asset_added", "Catalog")]


def test_a_leaver_of_a_source_that_is_no_longer_read_is_held_back_not_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = rows_workspace(tmp_path, monkeypatch)
    hub.people({**STAFF[0], "status": "deprovisioned"}, *STAFF[1:])
    before = hub.check(TWO)
    (tmp_path / "people.csv").rename(tmp_path / "staff.csv")
    hub.people(*STAFF[1:], file="staff.csv")
    hub.config.write_text(hub.config.read_text().replace("people.csv", "staff.csv"))
    found = hub.check(TWO)

    assert before.proposed("remove") == ["1"]
    assert (found.proposed("remove"), list(found.held), found.asks_for_help) == ([], ["1"], True)


def test_an_invitation_that_may_have_been_accepted_is_not_called_gone(hub: RowsWorkspace) -> None:
    invited = {"pending_users": [{"id": "900", "email": STAFF[1]["primary_email"], "status": "PENDING"}]}
    hidden = {**seat(2, business_role_request="900"), "email": None}
    hub.check({**ONE, **invited})
    night = hub.check({}, incomplete={"business_users": ()}, without=["business_users"])
    after = hub.check({"business_users": [seat(1), hidden]})

    assert night.changes == []
    assert after.changes == [("member_added", "Colleague Number2")]
    assert after.seat("2")["person_id"] == "p2"


def test_a_seat_that_comes_back_is_whose_it_was(hub: RowsWorkspace) -> None:
    hub.check(TWO)
    hub.check(ONE)
    hidden = hub.check({"business_users": [seat(1), {**seat(2), "email": None}]})

    assert hidden.seat("2")["person_id"] == "p2"


def test_a_seat_that_comes_back_takes_nobody_from_the_seat_that_replaced_it(hub: RowsWorkspace) -> None:
    replaced = {**seat(2), "id": "20"}
    hub.check(TWO)
    hub.check({"business_users": [seat(1), replaced]})
    both = hub.check({"business_users": [seat(1), replaced, {**seat(2), "email": None}]})

    assert both.seat("20")["person_id"] == "p2"
    assert both.proposed("resolve") == ["2"]
