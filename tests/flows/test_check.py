"""What a check says of the default world, and of what somebody did by hand between two checks."""

import logging
from pathlib import Path
from typing import Any

import duckdb
import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.sorting import FlowRunSort

from deployments.sandbox.build import WorldPlan
from flows.checking.summary import needs_an_operator
from tests.flows.hub import Hub, hub_of
from tests.reliability.some_of_many import some_of

pytestmark = pytest.mark.usefixtures("prefect_api")


def only(changes: dict[str, int]) -> dict[str, int]:
    return {kind: count for kind, count in changes.items() if count}


def test_the_first_complete_check_is_the_baseline_and_tells_the_stories(hub: Hub) -> None:
    result = hub.check()
    report = hub.report(result)
    world = hub.box.world

    assert result["complete"]
    assert report["check"]["baseline"]
    assert only(result["changes"]) == {}
    assert result["members"] == len(world.users) + len(world.invites)
    assert result["grants"] == sum(len(assets) for assets in world.grants.values())
    assert result["people"] == len(world.directory)
    removed = {p["member"]["member_id"] for p in report["proposals"] if p["kind"] == "remove"}
    left = {"ex_employee", "ex_employee_full_control"}
    assert removed == {member for story in left for member in hub.story(story)["member_ids"]}
    assert [p["member"]["member_id"] for p in report["held_back"]] == hub.story("last_in_control")[
        "member_ids"
    ]
    assert needs_an_operator(result)


def test_no_name_alone_links_a_member_who_is_not_surely_one_person(hub: Hub) -> None:
    report = hub.report(hub.check())
    unmatched = {p["member"]["member_id"] for p in report["proposals"] if p["kind"] == "resolve"}

    for story in ("two_people_one_name", "nickname", "shared_login", "outsider"):
        assert set(hub.story(story)["member_ids"]) <= unmatched, story


def test_the_freelancer_is_a_guest(hub: Hub) -> None:
    assert hub.check()["tabs"]["guest"] >= 1


def test_a_second_check_of_an_unchanged_hub_says_and_writes_nothing_new(hub: Hub) -> None:
    first, second = hub.check(), hub.check()

    assert only(second["changes"]) == {}
    assert second["digest"] == first["digest"]
    with duckdb.connect(str(hub.folder / ".hubroster" / "warehouse.duckdb"), read_only=True) as con:
        (started,) = con.execute("select max(started_at) from checks").fetchone() or (None,)
        for table in ("members", "assets", "hub_assets", "grants", "people", "stays", "links", "candidates"):
            touched = con.execute(
                f"select count(*) from {table} where valid_from = $at or valid_to = $at", {"at": started}
            ).fetchone()
            assert touched == (0,), table


def _some_member(hub: Hub) -> str:
    """Return a user in no story who holds grants but controls nothing alone."""
    told = {member for ids in hub.box.world.stories.values() for member in ids["member_ids"]}
    return next(u.id for u in hub.box.world.users.values() if not u.is_system and u.id not in told)


@pytest.mark.parametrize(
    "deed",
    some_of(["remove", "role", "leave", "accept", "grant", "add", "revoke", "tasks", "nothing"], 2),
)
def test_what_was_done_by_hand_is_told_and_nothing_else(hub: Hub, deed: str) -> None:
    hub.check()
    world, member = hub.box.world, _some_member(hub)
    asset, tasks = next(iter(world.grants[member].items()))
    free = next(a.id for a in world.assets.values() if a.kind == "page" and a.id not in world.grants[member])
    expected: dict[str, dict[str, int]] = {
        "remove": {"member_gone": 1},
        "role": {"role_changed": 1},
        "accept": {"member_added": 1},
        "add": {"member_added": 1},
        "grant": {"grant_added": 1},
        "revoke": {"grant_gone": 1},
        "tasks": {"tasks_changed": 1},
        "leave": {"person_left": 1},
        "nothing": {},
    }
    match deed:
        case "remove":
            hub.admin(f"members/{member}/remove")
        case "role":
            hub.admin(f"members/{member}/role", {"role": "DEVELOPER"})
        case "accept":
            hub.admin(f"invites/{hub.story('invitation_nobody_accepted')['invite_ids'][0]}/accept")
        case "add":
            hub.admin(
                "members", {"name": "Nadia Newcomer", "role": "EMPLOYEE", "email": "nadia@elsewhere.example"}
            )
        case "grant":
            hub.admin("grants", {"user": member, "asset": free, "tasks": ["ANALYZE"]})
        case "revoke":
            hub.admin("grants/revoke", {"user": member, "asset": asset})
        case "tasks":
            hub.admin("grants", {"user": member, "asset": asset, "tasks": [*tasks, "A_TASK_NOBODY_KNOWS"]})
        case "leave":
            hub.admin("directory/000101", {"status": "deprovisioned"})

    result = hub.check()

    assert result["complete"]
    assert only(result["changes"]) == expected[deed]


def test_an_accepted_invitation_goes_on_as_one_stay_with_its_link(hub: Hub) -> None:
    hub.check()
    invite = hub.story("invitation_nobody_accepted")["invite_ids"][0]
    user = hub.box.world.invites[invite].joins_as
    user.email_hidden = True
    hub.admin(f"invites/{invite}/accept")

    hub.check()

    with duckdb.connect(str(hub.folder / ".hubroster" / "warehouse.duckdb"), read_only=True) as con:
        rows = con.execute(
            "select s.stay_id, l.outcome, l.tab from stays s join links l using (hub, stay_id)"
            " where s.member_id = $id and s.valid_to is null and l.valid_to is null",
            {"id": user.id},
        ).fetchall()
    assert rows == [(f"pending:{invite}", "matched", "onboarded")]


@pytest.mark.parametrize("nested", ["sent", "omitted", "forbidden"])
def test_an_absent_nested_edge_is_read_again_and_never_taken_as_empty(hub: Hub, nested: str) -> None:
    before = hub.check()
    hub.admin("switches", {"empty_nested": nested})

    result = hub.check()

    assert result["complete"]
    assert result["grants"] == before["grants"]
    assert only(result["changes"]) == {}


@pytest.mark.parametrize(
    "edge",
    some_of(
        (
            "business_users",
            "pending_users",
            "system_users",
            "owned_pages",
            "client_ad_accounts",
            "assigned_pages",
        ),
        2,
    ),
)
def test_an_edge_that_fails_leaves_every_row_of_it_open(hub: Hub, edge: str) -> None:
    before = hub.check()
    hub.admin("faults", [{"edge": edge, "nth": 1, "times": 10_000, "fault": "code", "code": 200}])

    result = hub.check()

    assert not result["complete"]
    assert needs_an_operator(result)
    assert only(result["changes"]) == {}
    for count in ("members", "assets", "grants", "people"):
        assert result[count] == before[count]
    assert result["snapshot"] == before["snapshot"]
    failed = next(row for row in result["edges"] if row["edge"] == edge)
    assert not failed["complete"]
    assert "200" in failed["reason"]


def test_nobody_is_proposed_for_removal_when_the_members_could_not_be_read(hub: Hub) -> None:
    hub.check()
    hub.admin("faults", [{"edge": "business_users", "nth": 1, "times": 10_000, "fault": "code", "code": 200}])

    result = hub.check()

    assert result["proposals"].get("remove", 0) == 0
    assert result["held_back"] == 3


def test_a_skipped_optional_edge_is_listed_and_nothing_is_concluded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hub_of(tmp_path, monkeypatch, WorldPlan(), skip=("agencies", "owned_product_catalogs")) as hub:
        result = hub.check()

    skipped = [row for row in result["edges"] if row["reason"] == "skipped by configuration"]
    assert {row["edge"] for row in skipped} == {"agencies", "owned_product_catalogs"}
    assert result["complete"]


def test_a_refused_directory_keeps_the_last_accepted_people_and_no_removal_rests_on_it(hub: Hub) -> None:
    before = hub.check()
    hub.box.world.directory[:] = hub.box.world.directory[:20]
    hub.admin("directory/000101", {"department": "Board"})  # writes the short file

    result = hub.check()

    assert not result["directory"][0]["accepted"]
    assert "fewer than the last accepted read" in result["directory"][0]["reason"]
    assert result["people"] == before["people"]
    assert result["proposals"].get("remove", 0) == 0
    assert needs_an_operator(result)


@pytest.fixture
def spoken(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG)
    return caplog


def test_names_and_tokens_reach_neither_logs_nor_artifacts_nor_parameters(
    hub: Hub, spoken: pytest.LogCaptureFixture
) -> None:
    hub.check()
    with get_client(sync_client=True) as client:
        artifacts = " ".join(str(artifact.data) for artifact in client.read_artifacts())
        flows = " ".join(str(run.parameters) + run.name for run in client.read_flow_runs())
    shown = spoken.text + artifacts + flows

    for secret in (hub.box.world.access_token, hub.box.world.app_secret):
        assert secret not in shown
    for user in hub.box.world.users.values():
        if not user.is_system:
            assert user.name not in shown
            assert not user.email or user.email not in shown
    assert "Check agency" in flows
    assert "business_users" in artifacts


def test_prefect_shows_that_a_check_needs_an_operator(hub: Hub) -> None:
    """Whoever looks at the list of runs alone must not read that all is well: somebody is held back here."""
    result = hub.check()
    with get_client(sync_client=True) as client:
        run = client.read_flow_runs(sort=FlowRunSort.START_TIME_DESC)[0]

    assert result["held_back"] == 1
    assert run.state
    assert (run.state.type.value, run.state.name, run.state.message) == (
        "COMPLETED",
        "Needs an operator",
        "1 leaver held back: hubroster report agency",
    )


def _task_runs(check: Any) -> int:
    with get_client(sync_client=True) as client:
        before = len(client.read_task_runs(limit=200))
        check()
        return len(client.read_task_runs(limit=200)) - before


def test_task_runs_do_not_grow_with_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = []
    for members in (5, 300):
        folder = tmp_path / str(members)
        folder.mkdir()
        with hub_of(folder, monkeypatch, WorldPlan(members=members, directory=members + 20)) as hub:
            counts.append(_task_runs(hub.check))

    assert counts[0] == counts[1]
