"""Several hubs in one workspace: what is one's own business, and what concerns all."""

from pathlib import Path

import pytest

from tests.flows.plain_rows import RowsWorkspace, grant, member, person, rows_workspace

STAFF = [person(n, f"Colleague Number{n}") for n in range(1, 30)]
LEFT = [{**STAFF[0], "status": "deprovisioned"}, *STAFF[1:]]
SHOP = {"owned_pages": [{"id": "700", "name": "Shop"}]}


def seat(number: int, who: int, **more: object) -> dict[str, object]:
    row = STAFF[who - 1]
    return {**member(number, row["display_name"], email=row["primary_email"]), **more}


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RowsWorkspace:
    made = rows_workspace(tmp_path, monkeypatch, hubs=("acme", "umbra"))
    made.people(*STAFF)
    return made


def test_somebody_in_control_in_another_hub_is_enough(hub: RowsWorkspace) -> None:
    hub.people(*LEFT)
    hub.check(
        {
            "business_users": [seat(20, 2)],
            "client_pages": SHOP["owned_pages"],
            "assigned_pages": [grant(20, 700)],
        },
        label="umbra",
    )
    found = hub.check({"business_users": [seat(10, 1)], **SHOP, "assigned_pages": [grant(10, 700)]})

    assert (found.proposed("remove"), found.held) == (["10"], {})


def test_a_leaver_does_not_cover_for_himself_from_another_hub(hub: RowsWorkspace) -> None:
    theirs = {"client_pages": SHOP["owned_pages"], "assigned_pages": [grant(20, 700)]}
    hub.people(*LEFT)
    hub.check({"business_users": [seat(20, 1)], **theirs}, label="umbra")
    found = hub.check({"business_users": [seat(10, 1)], **SHOP, "assigned_pages": [grant(10, 700)]})

    assert (found.proposed("remove"), list(found.held)) == ([], ["10"])
    assert "Shop" in found.held["10"][0]


def test_changes_are_told_in_the_hub_where_they_were_made(hub: RowsWorkspace) -> None:
    acme = {"business_users": [seat(10, 1)], **SHOP, "assigned_pages": [grant(10, 700)]}
    umbra = {"business_users": [seat(10, 2)], "client_pages": SHOP["owned_pages"]}
    hub.check(acme)
    hub.check(umbra, label="umbra")
    changed = hub.check({**acme, "business_users": [seat(10, 1, role="ADMIN")], "assigned_pages": []})
    unchanged = hub.check(umbra, label="umbra")

    assert changed.changes == [("role_changed", "Colleague Number1"), ("grant_gone", "Colleague Number1")]
    assert unchanged.changes == []


def test_an_asset_that_one_hub_loses_stays_in_the_other(hub: RowsWorkspace) -> None:
    umbra = {"business_users": [seat(20, 2)], "client_pages": SHOP["owned_pages"]}
    hub.check({"business_users": [seat(10, 1)], **SHOP})
    hub.check(umbra, label="umbra")
    gone = hub.check({"business_users": [seat(10, 1)]})
    kept = hub.check(umbra, label="umbra")

    assert (gone.changes, kept.changes) == ([("asset_gone", "Shop")], [])
    assert hub.rows("select count(*) from assets where valid_to is null") == [(1,)]


def test_one_person_may_hold_a_seat_in_every_hub(hub: RowsWorkspace) -> None:
    found = [
        hub.check({"business_users": [seat(10, 1)]}),
        hub.check({"business_users": [seat(20, 1)]}, label="umbra"),
    ]

    assert [check.proposed("resolve") for check in found] == [[], []]


def test_a_hub_that_cannot_be_read_stops_no_other(hub: RowsWorkspace) -> None:
    hub.check({"business_users": [seat(10, 1)]})
    hub.check({}, incomplete={"business_users": ()}, without=["business_users"])
    other = hub.check({"business_users": [seat(20, 2)]}, label="umbra")

    assert (other.complete, other.asks_for_help) == (True, False)
