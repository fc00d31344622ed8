"""Each point of preflight fails for the right reason, and heals as its mend says; one sandbox for all."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deployments.sandbox.build import WorldPlan
from deployments.sandbox.server import Sandbox
from matching.preflight.point import NAMES
from tests.flows.preflight_cases import CASES, Act
from tests.flows.preflight_scene import Scene


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(WorldPlan(members=14, pages=6, ad_accounts=5, directory=40)) as running:
        yield running


@pytest.fixture
def scene(box: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    return Scene(box, tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("name", "state", "says", "spoil", "mend"), CASES, ids=[f"{case[0]}: {case[2]}" for case in CASES]
)
def test_a_point_fails_for_the_right_reason_and_heals(
    scene: Scene, name: str, state: str, says: str, spoil: Act, mend: Act
) -> None:
    spoil(scene)
    found = scene.look()
    every = {point.name: point for point in (*found.hubs["agency"], *found.workspace)}
    mend(scene)
    healed = scene.points()

    assert (every[name].state, bool(re.search(says, every[name].said))) == (state, True), every[name]
    assert every[name].mend or state == "unknown"
    assert [point.name for point in found.broken if state != "broken"] == []
    assert {point.state for point in healed.values()} == {"ok"}, healed


def test_all_points_are_told_in_their_order(scene: Scene) -> None:
    assert tuple(scene.points()) == NAMES


def test_every_point_has_a_case_that_spoils_it() -> None:
    assert {case[0] for case in CASES} == set(NAMES)


def test_nothing_is_written_here_or_at_meta(scene: Scene) -> None:
    before = {path: path.stat().st_mtime_ns for path in scene.folder.rglob("*")}
    state = scene.box.admin("state") | {"now": ""}
    scene.box.log.rows.clear()

    scene.look()

    assert {path: path.stat().st_mtime_ns for path in scene.folder.rglob("*")} == before
    assert scene.box.admin("state") | {"now": ""} == state
    asked = [item["method"] for row in scene.box.log.rows for item in row["items"] or [row]]
    assert set(asked) == {"GET"}
    assert scene.box.admin("mails") == {"mails": []}


def test_no_token_stands_in_a_url_or_in_what_is_told(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    world = scene.box.world
    revoked = scene.token(revoked=True)
    scene.set(WRITE=revoked)

    told = repr(scene.look())

    assert "POST" in caplog.text
    for secret in (world.access_token, revoked, world.app_secret):
        assert secret[:16] not in told + caplog.text


def test_one_owner_works_and_is_told_to_name_a_second(scene: Scene) -> None:
    scene.set(owners=[scene.employees()[0]["primary_email"]])
    point = scene.points()["owners"]

    assert (point.state, point.said) == ("look", "1 can answer; what takes two can't be approved")
    assert "hubroster owner-add agency" in point.mend


@pytest.mark.parametrize(("status", "kind"), [("deprovisioned", "employee"), ("active", "guest")])
def test_an_owner_who_is_no_active_employee_is_named(scene: Scene, status: str, kind: str) -> None:
    unfit = scene.employees(status, kind)[0]["primary_email"]
    scene.set(owners=[one["primary_email"] for one in scene.employees()[:2]] + [unfit])
    point = scene.points()["owners"]

    assert point.state == "look"
    assert point.said == f"2 can answer; {unfit} is {'a guest' if kind == 'guest' else status}"


def test_a_wrong_app_secret_hides_nothing_else(scene: Scene) -> None:
    scene.set(SECRET="0" * 32)
    found = scene.points()

    assert {point.name for point in found.values() if point.state != "ok"} == {"app-secret"}


def test_a_read_only_hub_is_well(scene: Scene) -> None:
    scene.set(write="")
    found = scene.points()

    assert found["write-token"].said.startswith("there is none: the hub is read-only")
    assert "write-scopes" not in found
    assert {point.state for point in found.values()} == {"ok"}


def test_one_token_for_both_is_told(scene: Scene) -> None:
    scene.set(TOKEN=scene.box.world.write_token)

    assert "are the same" in scene.points()["read-token-only-reads"].said


@pytest.mark.parametrize(
    "answer", [{"is_valid": True}, {"is_valid": True, "scopes": None, "expires_at": "soon", "type": 7}, {}]
)
def test_what_meta_leaves_out_is_unknown_and_never_taken_for_well(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, answer: dict[str, Any]
) -> None:
    monkeypatch.setattr("deployments.sandbox.graph.auth.described", lambda *_: answer)
    found = scene.points()

    unknown = {name for name, point in found.items() if point.state == "unknown"}
    assert {"read-token", "read-token-expires", "app"} <= unknown
