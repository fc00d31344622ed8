"""While Meta limits us a check waits what Meta says, hardly longer, and sends nothing in the meantime."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from deployments.sandbox.build import WorldPlan
from deployments.sandbox.server import Sandbox
from flows.checking.job import CheckJob
from flows.checking.reading import read_hub
from flows.checking.steps import Traffic, read_directory
from tasks.meta.client import MetaClient
from tasks.meta.completeness import EdgeRead
from tests.flows.plain_check import BoxWorkspace, Check, box_workspace
from tests.reliability.hurried_time import HurriedTime, hurried_time

WORLD = WorldPlan(seed=7, members=26, pages=14, ad_accounts=8, directory=60)
MINUTE_S = 60.0
MORE = 1.10  # a check takes no longer than this times the wait, and what it takes undisturbed
PLACES = {
    "a node of its own": {"edge": "node"},
    "a listing of its own": {"edge": "business_users"},
    "its second page": {"edge": "business_users", "nth": 2},
    "an expansion": {"edge": "assigned_pages"},
    "a batch item": {"edge": "owned_pages"},
    "a batch item of ad accounts": {"edge": "owned_ad_accounts"},
}
CODES = (4, 17, 32, 341, 613, 80004)


@dataclass(frozen=True)
class Read:
    """One reading of the hub: what it brought, how long it took, what was sent when."""

    job: CheckJob
    edges: list[EdgeRead]
    traffic: Traffic
    took_s: float
    time: HurriedTime
    rows: list[dict[str, Any]]  # the sandbox's own record

    @property
    def complete(self) -> bool:
        return all(edge.complete for edge in self.edges)

    @property
    def came_while_limited(self) -> int:
        """How many requests came while Meta, by its own clock, wanted none: by the sandbox's record."""
        return sum(bool(row.get("limited")) for row in self.rows)

    @property
    def waits(self) -> list[tuple[float, str]]:
        """When the client began to wait, and what it said."""
        return [(at, line) for at, line in self.time.heard if "waiting" in line]

    def sent_within(self, minutes: float) -> int:
        """How many requests left so soon after the client had begun to wait."""
        ends = [(at, at + minutes * MINUTE_S - 0.5) for at, _ in self.waits]
        return sum(began < sent < end for sent in self.time.sent for began, end in ends)


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(WORLD) as made:
        made.switches.set({"max_limit": 9})  # so that a small hub has second pages
        yield made


@pytest.fixture
def hub(box: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BoxWorkspace]:
    with box_workspace(tmp_path, monkeypatch, box) as made:
        yield made


def read(hub: BoxWorkspace, *faults: dict[str, object], concurrency: int = 1) -> Read:
    """Read the hub while these faults are on; time passes only for the clocks.

    One request at a time, unless told otherwise: then not even one that was under way comes too late.
    """
    box, job = hub.box, hub.use().begin("agency")
    hub.admin("faults", list(faults))
    before = len(box.log.rows)

    async def session(time: HurriedTime) -> tuple[list[EdgeRead], Traffic]:
        access = replace(job.access(), concurrency=concurrency)
        client = MetaClient(
            access, say=time.say, transport=time, sleep=time.sleep, now=box.clock.now, timeout_s=20
        )
        async with client:
            return await read_hub(job, client)

    box.clock.set(datetime.now(UTC))  # an earlier reading has moved it
    with hurried_time(box) as time:
        began = time.monotonic()
        edges, traffic = asyncio.run(session(time))
        took = time.monotonic() - began
    rows = box.admin("requests")["requests"][before:]
    assert len(rows) == traffic.requests == len(time.sent)
    return Read(job, edges, traffic, took, time, rows)


@pytest.fixture(scope="module")
def slow_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BoxWorkspace]:
    """One whose answers take their time, so that there is always something under way."""
    folder = tmp_path_factory.mktemp("slow")
    with (
        pytest.MonkeyPatch.context() as patch,
        Sandbox(WORLD, latency_ms=20) as box,
        box_workspace(folder, patch, box) as made,
    ):
        box.switches.set({"max_limit": 5, "expansion": "refused"})
        yield made


@pytest.fixture
def calm_s(hub: BoxWorkspace) -> float:
    """How long a reading takes undisturbed."""
    found = read(hub)
    assert found.complete
    return found.took_s


def limit(code: int, minutes: float, **more: object) -> dict[str, object]:
    return {"fault": "code", "code": code, "headers": True, "minutes": minutes, **more}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("code", CODES)
def test_a_check_waits_what_meta_says_and_hardly_longer_and_sends_nothing_meanwhile(
    hub: BoxWorkspace, calm_s: float, code: int, place: str
) -> None:
    found = read(hub, limit(code, 7, **PLACES[place]))

    assert found.complete
    assert 7 * MINUTE_S <= found.took_s <= 7 * MINUTE_S * MORE + calm_s
    assert found.came_while_limited == 0
    ((_, said),) = found.waits
    assert "waiting 7 min" in said


@pytest.mark.parametrize("minutes", [0.1, 1, 14.5])
def test_it_waits_for_seconds_or_for_a_quarter_of_an_hour(
    hub: BoxWorkspace, calm_s: float, minutes: float
) -> None:
    found = read(hub, limit(80004, minutes, edge="owned_ad_accounts"))

    assert found.complete
    assert minutes * MINUTE_S <= found.took_s <= minutes * MINUTE_S * MORE + calm_s
    assert found.came_while_limited == 0


def test_several_limits_in_a_row_are_each_waited_for_once(hub: BoxWorkspace, calm_s: float) -> None:
    found = read(hub, limit(17, 4, edge="business_users", times=3))

    assert found.complete
    assert 12 * MINUTE_S <= found.took_s <= 12 * MINUTE_S * MORE + calm_s
    assert found.came_while_limited == 0
    assert len(found.waits) == 3


def test_limits_all_over_a_check_are_each_waited_for_once(hub: BoxWorkspace, calm_s: float) -> None:
    edges = ("node", "business_users", "owned_pages", "system_users")
    found = read(hub, *(limit(80004, 3, edge=edge) for edge in edges))

    assert found.complete
    assert 4 * 3 * MINUTE_S <= found.took_s <= 4 * 3 * MINUTE_S * MORE + calm_s
    assert found.came_while_limited == 0
    assert len(found.waits) == 4


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("edge", ["*", "business_users", "owned_pages", "assigned_pages"])
def test_what_was_under_way_when_the_limit_came_is_the_last_until_it_is_over(
    slow_hub: BoxWorkspace, edge: str, times: int
) -> None:
    found = read(slow_hub, limit(17, 2, edge=edge, nth=2, times=times), concurrency=4)

    assert found.complete
    assert found.waits
    assert found.sent_within(2) == 0
    assert found.came_while_limited < 4 * len(found.waits)
    assert 2 * MINUTE_S <= found.took_s <= 2 * MINUTE_S * MORE * times + 20


def test_without_headers_the_waits_grow(hub: BoxWorkspace, calm_s: float) -> None:
    found = read(hub, {"fault": "code", "code": 4, "headers": False, "edge": "owned_pages", "times": 3})

    assert found.complete
    assert 480 <= found.took_s <= 480 * MORE + calm_s
    pauses = [after - before for before, after in pairwise(found.time.sent)]
    assert [pause for pause in pauses if pause > 30] == [pytest.approx(s, rel=0.1) for s in (60, 120, 300)]


@pytest.mark.parametrize("place", PLACES)
def test_after_a_limit_longer_than_wait_s_nothing_is_asked_any_more(hub: BoxWorkspace, place: str) -> None:
    found = read(hub, limit(17, 55, **PLACES[place], times=None))

    assert found.took_s < MINUTE_S
    assert found.came_while_limited == 0
    assert all("check again after 20" in str(edge.reason) for edge in found.edges if not edge.complete)


def test_a_check_that_a_long_limit_has_ended_asks_for_help_and_names_the_time(hub: BoxWorkspace) -> None:
    hub.box.clock.set(datetime.now(UTC))
    good = hub.check()
    found = read(hub, limit(80004, 55, edge="owned_pages"))
    directory = [read_directory(found.job, source) for source in found.job.settings.directory]
    check = Check(found.job, found.edges, directory, found.traffic).whole()

    assert not check.complete
    assert check.asks_for_help
    assert check.told["snapshot"] == good.told["snapshot"]
    assert any("check again after 20" in str(edge["reason"]) for edge in check.told["edges"])
    assert (check.changes, check.told["changes"]) == ([], {})


def test_waits_that_would_come_to_more_than_wait_s_end_the_check_before(hub: BoxWorkspace) -> None:
    found = read(hub, limit(17, 4, edge="business_users", times=None))

    assert not found.complete
    assert 12 * MINUTE_S <= found.took_s <= 900
    assert len(found.waits) == 3
    assert found.came_while_limited == 0


def test_by_the_clock_on_the_wall_the_wait_is_as_long_as_that(hub: BoxWorkspace) -> None:
    job, seconds, before = hub.begin("agency"), 6.0, len(hub.box.log.rows)
    hub.box.clock.set(datetime.now(UTC))
    hub.admin("faults", [limit(17, seconds / MINUTE_S, edge="node")])

    async def session() -> None:
        async with MetaClient(job.access(), say=lambda _: None) as client:
            await read_hub(job, client)

    asyncio.run(session())
    refused, again = (datetime.fromisoformat(row["at"]) for row in hub.box.log.rows[before : before + 2])

    assert seconds <= (again - refused).total_seconds() <= seconds * MORE
