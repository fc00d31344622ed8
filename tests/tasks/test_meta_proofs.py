"""Proofs of many changes at once, and the ways in that remain."""

from deployments.sandbox.server import Sandbox
from tasks.meta.change import Change, Proof
from tasks.meta.client import MetaClient
from tasks.meta.proof import prove_many
from tasks.meta.ways_in import WaysIn, remaining_ways_in
from tests.tasks.changing import run
from tests.tasks.sample_changes import KINDS, a_cancellation, a_member, an_asset


def proofs(box: Sandbox, changes: list[Change]) -> dict[int, Proof]:
    async def use(_: MetaClient, reader: MetaClient) -> dict[int, Proof]:
        return await prove_many(reader, box.world.business.id, changes)

    return run(use, box)


def ways(box: Sandbox, addresses: list[str], seats: list[str], pages: list[str]) -> WaysIn:
    async def use(_: MetaClient, reader: MetaClient) -> WaysIn:
        return await remaining_ways_in(reader, box.world.business.id, addresses, seats, pages)

    return run(use, box)


def asked(box: Sandbox) -> int:
    """Return how many HTTP requests there were."""
    return len(box.log.rows)


def test_all_changes_of_a_hub_are_proven_by_one_relisting(box: Sandbox) -> None:
    members = [one.id for one in box.world.users.values() if not one.is_system]
    changes = [Change("remove", "user", one) for one in members]
    before = asked(box)

    found = proofs(box, changes)

    assert list(found) == list(range(len(changes)))
    assert {one.state for one in found.values()} == {"not_there_yet"}
    assert asked(box) - before == 1
    assert len(box.log.rows[-1]["items"]) == 2  # business_users and pending_users


def test_each_asset_is_asked_once_for_all_its_people(box: Sandbox) -> None:
    members = [one.id for one in box.world.users.values()][:20]
    assets = [(kind, an_asset(box, kind)) for kind in ("page", "ad_account")]
    changes = [
        Change("revoke", "user", member, asset_kind=kind, asset_id=asset)
        for member in members
        for kind, asset in assets
    ]
    before = asked(box)

    found = proofs(box, changes)

    held = [one.asset_id in box.world.grants.get(one.member_id, {}) for one in changes]
    assert [one.state == "not_there_yet" for one in found.values()] == held
    assert sum(len(row["items"]) for row in box.log.rows[before:]) == 2


def test_proofs_come_in_the_order_of_the_changes_whatever_they_are_about(box: Sandbox) -> None:
    kinds = ["revoke", "remove", "grant", "invite", "set_role", "cancel_invitation"]

    found = proofs(box, [KINDS[kind](box) for kind in kinds])

    assert list(found) == list(range(6))
    assert proofs(box, []) == {}


def test_the_ways_in_are_the_seats_and_invitations_of_the_person(box: Sandbox) -> None:
    cancel, member = a_cancellation(box), a_member(box)
    address = "leaver@northwind.example"
    box.admin("members", {"id": "77", "name": "Second Seat", "email": address})

    found = ways(box, [address.upper(), cancel.address], [member], [])

    assert set(found.seats) == {member, "77"}
    assert found.invitations == (cancel.member_id,)
    assert found.unread == ()


def test_partners_are_told_as_unseen_and_a_hub_without_them_is_not(box: Sandbox) -> None:
    assert ways(box, [], [], []).partners_unseen == bool(box.world.agencies)

    box.world.agencies.clear()
    box.world.version += 1
    assert not ways(box, [], [], []).partners_unseen


def test_what_could_not_be_read_is_named_and_never_taken_for_nothing(box: Sandbox) -> None:
    edges = ("business_users", "pending_users", "agencies")
    box.admin(
        "faults", [{"edge": one, "method": "GET", "fault": "row_missing", "times": None} for one in edges]
    )

    found = ways(box, ["leaver@northwind.example"], [], [])

    assert found.partners_unseen
    assert [line.partition(":")[0] for line in found.unread] == list(edges)


def test_a_page_tells_who_has_a_role_without_a_seat_in_the_business(box: Sandbox) -> None:
    """§1.5: the edge `roles` has only people who don't belong to a business."""
    page, other = [one.id for one in box.world.assets_of("page", is_client=False)][:2]
    box.admin("page_roles", {"page": page, "id": "9001", "name": "Old Hand"})

    assert ways(box, [], [], [page, other]).pages == (page,)

    box.admin("faults", [{"edge": "roles", "method": "GET", "fault": "code", "code": 200, "times": None}])
    found = ways(box, [], [], [page])
    assert found.pages == ()
    assert found.unread[0].startswith(f"the roles of Page {page}: ")
