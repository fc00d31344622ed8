"""Preflight of a hub that was checked: the ledger says who its Owners are, and a directory is compared."""

from flows.preflight.run import preflight
from matching.preflight.point import Point
from tests.flows.owned_hub import OwnedHub


def points(hub: OwnedHub) -> dict[str, Point]:
    settings = hub.settings
    found = preflight(settings, settings.hubs)
    return {point.name: point for point in (*found.hubs["agency"], *found.workspace)}


def test_owners_are_those_of_the_ledger_and_the_directory_is_compared(owned: OwnedHub) -> None:
    config = owned.ws.config
    address = owned.owners[0]["primary_email"]
    config.write_text(config.read_text().replace(address, "nobody@else.test"))
    assert points(owned)["owners"].said == "2 can answer"

    owned.ws.admin(f"directory/{owned.owners[0]['person_id']}", {"status": "deprovisioned"})
    found = points(owned)["owners"]
    assert found.state == "look"
    assert found.said.startswith(f"1 can answer; {address} is deprovisioned")

    people = owned.ws.box.directory_path
    lines = people.read_text().splitlines(keepends=True)
    people.write_text("".join(lines[:50]))
    found = points(owned)["directory"]
    assert (found.state, "fewer than the last accepted read" in found.said) == ("broken", True)
