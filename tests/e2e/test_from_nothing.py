"""An empty folder, and what the docs say: connect, preflight, `up`; the check that is due comes by itself."""

import json
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.owners_office import free_port, running_up, wait_until
from tests.e2e.processes import Office, World, sandbox
from tests.e2e.test_connect_command import flags, owners, secrets


@pytest.fixture
def world() -> Iterator[World]:
    """Serve a world of its own: people leave it."""
    with sandbox("--port", "0", "--seed", "3", "--members", "40") as made:
        yield made


@pytest.mark.thorough  # waits for the minute, twice
def test_the_scheduled_check_runs_reports_and_goes_on_after_a_stop(world: World, tmp_path: Path) -> None:
    office = Office(tmp_path, secrets(world))
    connected = office.run("connect", "acme", *flags(world, timezone="UTC"))
    assert connected.code == 0, connected.err
    preflight = office.run("preflight", "acme", "--json")
    points = [*preflight.last["hubs"][0]["points"], *preflight.last["workspace"]]
    assert (preflight.code, {point["state"] for point in points}) == (0, {"ok"}), points

    first = _by_schedule(office)
    leavers = _leavers(office)
    _leaves(world)
    second = _by_schedule(office)

    assert first["check"]["complete"]
    assert second["check"]["complete"]
    assert _leavers(office) == leavers + 1
    assert office.run("reviews", "--json").last["reviews"]
    asked = world.admin("requests")["requests"]
    assert {item["method"] for row in asked for item in row["items"] or [row]} == {"GET"}


def _by_schedule(office: Office) -> dict[str, Any]:
    """Start `up` with the check due within two minutes, wait for its report, and stop `up`."""
    due = (datetime.now(UTC) + timedelta(minutes=2)).replace(second=0, microsecond=0)
    config = office.folder / "hubroster.toml"
    mine = ("check_at", "[page]", "url")
    lines = [line for line in config.read_text().splitlines() if not line.startswith(mine)]
    lines.insert(lines.index("[workspace]") + 1, f'check_at = "{due:%H:%M}"')
    lines += ["[page]", f'url = "http://127.0.0.1:{free_port()}"']
    config.write_text("\n".join(lines) + "\n")
    before = _report(office)
    with running_up(office.folder, office.env) as up:
        wait_until(lambda: _report(office) != before, f"the check due at {due:%H:%M}", 300)
        up.send_signal(signal.SIGTERM)
        up.communicate(timeout=60)
        assert up.returncode == 0
    found = _report(office)
    began = datetime.fromisoformat(found["check"]["started_at"])
    assert began >= due - timedelta(seconds=10)  # Prefect looks ahead, and starts a run a second early
    return found


def _report(office: Office) -> dict[str, Any]:
    ran = office.run("report", "acme", "--json")
    found: dict[str, Any] = json.loads(ran.out) if ran.code == 0 else {}
    return found


def _leavers(office: Office) -> int:
    (hub,) = office.run("hubs", "--json").last["hubs"]
    return int(hub["leavers"])


def _leaves(world: World) -> None:
    """Let the directory say that somebody in no story, with a seat and not an Owner, has left."""
    state = world.state()
    told = {member for story in state["stories"].values() for member in story.get("member_ids", ())}
    people = {row["person_id"]: row for row in state["directory"]}
    kept = set(owners(world))
    person = next(
        key["person_id"]
        for member, key in state["answer_key"].items()
        if member in state["users"]
        and member not in told
        and (row := people.get(key["person_id"]))
        and (row["status"], row["kind"]) == ("active", "employee")
        and row["primary_email"] not in kept
    )
    world.admin(f"directory/{person}", {"status": "deprovisioned"})
