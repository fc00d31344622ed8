"""The extraction against the stand-in: however Meta answers, the same facts."""

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from deployments.sandbox.build import WorldPlan
from deployments.sandbox.server import Sandbox
from tasks.errors import TokenRejected
from tasks.meta.access import MetaAccess
from tasks.meta.activities import USER_EVENTS, read_activities
from tasks.meta.client import MetaClient
from tasks.meta.completeness import REQUIRED_EDGES, EdgeRead, is_complete
from tasks.meta.extraction import Extraction
from tasks.meta.wire import ASSIGNED_EDGES, EDGES
from tests.tasks.sandbox_run import assert_nothing_false, extract, true_grants


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(WorldPlan(seed=7, members=110, pages=60, ad_accounts=40, directory=150)) as box:
        yield box


@pytest.fixture
def box(sandbox: Sandbox) -> Iterator[Sandbox]:
    usual = sandbox.switches.values()
    yield sandbox
    sandbox.switches.set(usual)
    sandbox.admin("faults", [])


def test_the_whole_hub_is_read_as_it_is(box: Sandbox, tmp_path: Path) -> None:
    run = extract(box, tmp_path)

    assert is_complete(run.edges.values())
    assert all(read.complete for read in run.edges.values())
    assert_nothing_false(box, run)
    for edge in ASSIGNED_EDGES:
        assert run.edges[edge].total == run.edges[edge].rows == len(true_grants(box, edge))
    assert json.loads((tmp_path / "business.json").read_text())["name"] == box.world.business.name


@pytest.mark.parametrize(
    "switches",
    [
        {"empty_nested": "omitted"},
        {"empty_nested": "forbidden"},
        {"expansion": "refused"},
        {"max_limit": 3},
        {"reduce_above": 30},
        {"usage_headers": False},
        {"require_proof": True},
    ],
    ids=str,
)
def test_however_meta_answers_the_files_are_the_same(
    box: Sandbox, switches: dict[str, object], tmp_path: Path
) -> None:
    usual = extract(box, tmp_path / "usual")
    box.switches.set(switches)

    other = extract(box, tmp_path / "other")

    assert all(read.complete for read in other.edges.values())
    assert other.facts() == usual.facts()


def test_empty_pages_in_a_row_are_gone_through_and_those_without_end_are_left(
    box: Sandbox, tmp_path: Path
) -> None:
    usual = extract(box, tmp_path / "usual")
    edges = ("business_users", "owned_pages", "assigned_pages")
    box.admin("faults", [{"edge": one, "fault": "empty_page", "times": 3} for one in edges])
    some = extract(box, tmp_path / "some")
    box.admin("faults", [{"edge": "owned_pages", "fault": "empty_page", "times": None}])
    endless = extract(box, tmp_path / "endless")

    assert some.facts() == usual.facts()
    assert [edge for edge, read in endless.edges.items() if not read.complete] == ["owned_pages"]
    assert "no new row" in str(endless.edges["owned_pages"].reason)


@pytest.mark.parametrize("expansion", ["on", "refused"])
def test_an_edge_that_refuses_a_page_so_large_is_read_in_smaller_ones(
    box: Sandbox, expansion: str, tmp_path: Path
) -> None:
    usual = extract(box, tmp_path / "usual")
    refusal = {
        "fault": "code",
        "code": 100,
        "message": "(#100) Param limit must be a number between 1 and 40",
    }
    box.switches.set({"expansion": expansion})
    box.admin("faults", [{"edge": "*", "above": 40, "times": None, **refusal}])

    other = extract(box, tmp_path / "other")

    assert all(read.complete for read in other.edges.values())
    assert other.facts() == usual.facts()


def test_a_nested_edge_that_is_absent_is_read_again_never_taken_as_empty(
    box: Sandbox, tmp_path: Path
) -> None:
    """The refused direct question is the proof: nobody without rows counts as read."""
    box.switches.set({"empty_nested": "forbidden", "forbidden_direct": "refused"})

    run = extract(box, tmp_path)

    assert not is_complete(run.edges.values())
    assert_nothing_false(box, run)
    for edge in ASSIGNED_EDGES:
        with_rows = {member for member, *_ in true_grants(box, edge)}
        assert not run.edges[edge].complete
        assert {row["member_id"] for row in run.rows(f"{edge}.read") or []} == with_rows


def test_fields_that_the_token_may_not_see_do_no_harm(box: Sandbox, tmp_path: Path) -> None:
    box.switches.set({"hidden_fields": ["email", "two_fac_status", "finance_permission"]})

    run = extract(box, tmp_path)

    assert all(read.complete for read in run.edges.values())
    assert not [row for row in run.rows("business_users") or [] if "email" in row]


def test_a_hang_ends(box: Sandbox, tmp_path: Path) -> None:
    box.admin("faults", [{"edge": "business_users", "fault": "hang", "times": 1}])

    assert is_complete(extract(box, tmp_path, timeout_s=0.5).edges.values())


def test_a_token_that_expired_is_known_from_the_first_request(box: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(TokenRejected):
        extract(box, tmp_path, token="nobody-gave-this-out")


def test_no_stored_answer_holds_a_secret(box: Sandbox, tmp_path: Path) -> None:
    run = extract(box, tmp_path)

    text = "".join(line for lines in run.facts().values() for line in lines) + "".join(run.said)
    for secret in (
        box.world.access_token,
        box.world.app_secret,
        "access_token",
        "appsecret_proof",
        "invite_link",
    ):
        assert secret not in text


def test_every_required_edge_is_one_that_is_read() -> None:
    assert {*EDGES, *ASSIGNED_EDGES} >= REQUIRED_EDGES


def test_activities_of_the_ad_accounts_are_read(box: Sandbox, tmp_path: Path) -> None:
    job = Extraction(tmp_path, box.world.business.id)
    accounts = [asset.id for asset in box.world.assets.values() if asset.kind == "ad_account"]
    events = [row for rows in box.world.activities.values() for row in rows]

    async def session() -> EdgeRead:
        access = MetaAccess(box.graph_url, "v26.0", box.world.access_token, None, sandbox=True)
        async with MetaClient(access, say=print) as client:
            return await read_activities(client, job, accounts, box.world.now - timedelta(days=4000))

    edge = asyncio.run(session())

    assert (edge.complete, edge.reason) == (True, None)
    assert edge.rows == sum(row["event_type"] in USER_EVENTS for row in events) > 0


@pytest.mark.parametrize(("expansion", "most"), [("on", 12), ("refused", 52)])
def test_five_hundred_members_take_few_requests(expansion: str, most: int, tmp_path: Path) -> None:
    """The natural way, a cursor for each member and kind of asset, takes over a thousand."""
    with Sandbox(WorldPlan(members=500, pages=200, ad_accounts=300, directory=520)) as box:
        box.switches.set({"expansion": expansion})

        run = extract(box, tmp_path, concurrency=4)

    assert all(read.complete for read in run.edges.values())
    assert sum(run.edges[edge].rows for edge in ASSIGNED_EDGES) > 4_500
    assert run.client.requests <= most
