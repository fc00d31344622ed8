"""Rows as nobody would write them, and hubs with next to nothing in them."""

import json
from pathlib import Path
from typing import Any

import pytest

from matching.roster.canonical import canonical_json
from tests.flows.plain_check import Check
from tests.flows.plain_rows import RowsWorkspace, grant, member, person, rows_workspace

STAFF = [person(n, f"Colleague Number{n}") for n in range(1, 30)]


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RowsWorkspace:
    made = rows_workspace(tmp_path, monkeypatch, hubs=("acme", "umbra"))
    made.people(*STAFF)
    return made


def twice(hub: RowsWorkspace, world: dict[str, Any]) -> Check:
    """Check two times, and see that the second one finds nothing new."""
    first = hub.check(world)
    second = hub.check(world)
    assert (second.changes, second.digest, second.loaded.written) == ([], first.digest, 0)  # type: ignore[union-attr]
    return second


NAMES = [
    None, "", " ", "x" * 10_000, "a\x00b", "tab\there\nand a line", "\u202emirror", "\x1b[31mred", "\x1f",
    "\U0001f469\u200d\U0001f4bb", "=cmd|' /C calc'!A0", "<script>", "[bold]", "'; drop table members; --",
    "李小龍", "\ufeffBOM", "NaN", "null", "None", "\u0130", "\ufdfa" * 300,
]  # fmt: skip


def test_any_name_and_any_address_goes_through(hub: RowsWorkspace) -> None:
    users = [
        {"id": str(n), "name": name, "email": address, "role": "EMPLOYEE"}
        for n, (name, address) in enumerate(
            [(name, None) for name in NAMES]
            + [("Somebody", name) for name in NAMES]
            + [(n, n) for n in NAMES]
        )
    ]
    found = twice(hub, {"business_users": users})

    assert len(found.proposed("resolve")) == len(users)
    assert json.loads(canonical_json(found.report)) == found.report


def test_hostile_people_go_through(hub: RowsWorkspace) -> None:
    strange = [
        {**person(100 + n, "X"), "display_name": name or "", "primary_email": f"s{n}@northwind.example"}
        for n, name in enumerate(NAMES)
        if name is None or "\x00" not in name
    ]
    hub.people(*STAFF, *strange)
    found = twice(hub, {"business_users": [member(1, "X", email="s3@northwind.example")]})

    assert found.directory[0].accepted
    assert found.seat("1")["person_id"] == "p103"


def test_one_id_for_a_user_a_system_user_and_an_invitation(hub: RowsWorkspace) -> None:
    world = {
        "business_users": [member(1, "Colleague Number1", email="colleague.number1@northwind.example")],
        "system_users": [{"id": "1", "name": "Robot", "role": "ADMIN"}],
        "pending_users": [
            {"id": "1", "email": "new@elsewhere.example", "role": "EMPLOYEE", "status": "PENDING"}
        ],
        "owned_pages": [{"id": "700", "name": "Shop"}],
        "assigned_pages": [grant(1, 700, "MANAGE"), grant(1, 700, "ANALYZE", kind="system")],
    }
    found = twice(hub, world)
    hub.people({**STAFF[0], "status": "deprovisioned"}, *STAFF[1:])
    gone = hub.check(world)

    assert found.told["members"] == 3
    (held,) = gone.report["held_back"]
    assert held["member"]["kind"] == "user"
    assert [right["tasks"] for right in held["rights"]] == [["MANAGE"]]


def test_one_id_for_two_kinds_of_assets_and_one_asset_owned_and_shared(hub: RowsWorkspace) -> None:
    world = {
        "business_users": [member(1, "Somebody")],
        "owned_pages": [{"id": "700", "name": "Shop"}],
        "client_pages": [{"id": "700", "name": "Shop", "owner_business": "9", "permitted_tasks": ["MANAGE"]}],
        "owned_product_catalogs": [{"id": "700", "name": "Catalog"}],
        "assigned_pages": [grant(1, 700), grant(1, 999)],
        "assigned_product_catalogs": [grant(1, 700)],
        "assigned_ad_accounts": [grant(1, "act_1", "A_TASK", "A_TASK")],
    }
    found = twice(hub, world)

    (proposal,) = found.report["proposals"]
    rights = [(r["asset_kind"], r["asset_id"], r["relation"], r["tasks"]) for r in proposal["rights"]]
    assert rights == [
        ("ad_account", "act_1", "seen", ["A_TASK"]),
        ("page", "700", "owned", ["MANAGE"]),
        ("page", "999", "seen", ["MANAGE"]),
        ("product_catalog", "700", "owned", ["MANAGE"]),
    ]


def test_unknown_roles_and_states_are_shown_as_they_are(hub: RowsWorkspace) -> None:
    world = {
        "business_users": [{**member(1, "Somebody"), "role": "EMPEROR", "marked_for_removal": "perhaps"}],
        "pending_users": [{"id": "9", "email": "x@y.example", "status": "ODD", "created_time": "soon"}],
    }
    found = twice(hub, world)
    changed = hub.check(
        {**world, "business_users": [{**world["business_users"][0], "role": "GOD", "name": None}]}
    )

    assert found.seat("1")["role"] == "EMPEROR"
    assert changed.changes == [("role_changed", "Somebody")]


@pytest.mark.parametrize("members", [0, 1, 5])
def test_hubs_with_next_to_nothing_in_them(hub: RowsWorkspace, members: int) -> None:
    users = [
        member(n, f"Colleague Number{n}", email=f"colleague.number{n}@northwind.example")
        for n in range(1, members + 1)
    ]
    found = twice(hub, {"business_users": users})
    hub.people(*({**row, "status": "deprovisioned"} for row in STAFF[:members]), *STAFF[members:])
    gone = hub.check({"business_users": users})
    emptied = hub.check({})

    assert found.complete
    assert len(gone.proposed("remove")) == members
    assert [kind for kind, _ in emptied.changes] == ["member_gone"] * members


def test_an_empty_hub_and_an_empty_directory(hub: RowsWorkspace) -> None:
    hub.people()

    assert hub.check({}).asks_for_help
    assert hub.check({"business_users": [member(1, None)]}).asks_for_help


def test_a_hub_of_one_owner_who_left(hub: RowsWorkspace) -> None:
    hub.people({**STAFF[0], "status": "deprovisioned"}, *STAFF[1:])
    found = hub.check(
        {"business_users": [member(1, "x", email="colleague.number1@northwind.example", role="ADMIN")]}
    )

    assert (found.proposed("remove"), list(found.held)) == ([], ["1"])
    assert found.asks_for_help


def test_a_hub_that_hides_every_address(hub: RowsWorkspace) -> None:
    found = twice(
        hub,
        {"business_users": [member(1, "Colleague Number1")], "pending_users": [{"id": "9", "role": "ADMIN"}]},
    )

    assert found.proposed("resolve") == ["1"]
