"""A hub that was read well once, and what a check of it comes to while something goes wrong at Meta.

A case always reads Meta anew. What follows sees nothing but what was read: the files, and how complete each
edge is. So cases that read the same share the rest of the check, which runs once for each different reading.
"""

import asyncio
import gzip
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest

from deployments.sandbox.build import WorldPlan
from deployments.sandbox.faults.schedule import read_schedule
from deployments.sandbox.server import Sandbox
from flows.checking.job import CheckJob
from flows.checking.reading import read_hub
from flows.checking.steps import Traffic, read_directory
from tasks.errors import MetaError
from tasks.meta.client import MetaClient
from tasks.meta.completeness import EdgeRead
from tests.flows.plain_check import BoxWorkspace, Check, box_workspace
from tests.reliability.facts import Facts, closed_facts, open_facts
from tests.reliability.meta_cases import Case, Trouble

WORLD = WorldPlan(seed=7, members=26, pages=14, ad_accounts=8, directory=60)
ROWS_A_PAGE = 9  # so that a small hub has second pages

NOTHING = Trouble("nothing", {"fault": "slow", "seconds": 0})

Deed = Callable[[BoxWorkspace, Check], None]


@dataclass(frozen=True)
class Reading:
    """One reading of the hub: its completeness rows, its files, and what it took."""

    job: CheckJob
    edges: list[EdgeRead]
    traffic: Traffic
    said: list[str]
    stopped: MetaError | None

    def files(self) -> dict[str, list[bytes]]:
        """Return the sorted rows of every file."""
        files = {path.name: path.read_bytes() for path in sorted(self.job.folder.iterdir())}
        return {
            name: sorted((gzip.decompress(raw) if name.endswith(".gz") else raw).splitlines())
            for name, raw in files.items()
        }

    def content(self) -> str:
        """Return all that the rest of a check can see of it, as a digest."""
        told = sorted(
            (
                one.edge,
                one.complete,
                one.required,
                one.rows,
                sorted((gap.member_kind, gap.member_id) for gap in one.gaps),
            )
            for one in self.edges
        )
        return sha256(repr((told, self.files())).encode()).hexdigest()

    @property
    def waited(self) -> bool:
        return any("waiting" in line for line in self.said)

    @property
    def unread(self) -> dict[str, str]:
        """Why each edge that is not complete is not."""
        return {one.edge: str(one.reason) for one in self.edges if not one.complete}


Rows = frozenset[tuple[str, ...]]


@dataclass(frozen=True)
class After:
    """What a whole check of a reading came to, and how the warehouse differs from what it was before."""

    complete: bool
    asks_for_help: bool
    digest: str
    snapshot: str
    told: frozenset[tuple[str, str]]
    proposals: frozenset[tuple[str, str]]
    opened: Rows
    gone: Rows
    closed: Rows
    recovered: "After | None" = None  # a check after the trouble ended


class Scene:
    """A sandbox, a workspace that last looked at it on a good day, and what a calm check says now."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, box: Sandbox, outcomes: Path | None) -> None:
        self.box, self.outcomes = box, outcomes
        self._folder, self._patch = folder, patch
        self._afters: dict[str, After] = {}
        self._calls: dict[str, int] = {}
        self._made = 0

    def begin(self, deed: Deed | None) -> None:
        """Look at the hub once; then let the deed be done, and see what a calm check says of it."""
        with box_workspace(self._folder / "before", self._patch, self.box) as hub:
            self.good = hub.check()
            self.snapshot = Path(self.good.told["snapshot"]).name
            self.job = self.good.job
            if deed is not None:
                deed(hub, self.good)
        self.before = self._facts(self._folder / "before")
        self.calm_reading = self.read()
        self.calm = self.after(self.calm_reading)
        self._afters.clear()

    def read(self, timeout_s: float = 20) -> Reading:
        """Read the hub as it is now; no time passes while the client waits."""
        self._made += 1
        job = replace(self.job, folder=self._folder / "raw" / str(self._made))
        said: list[str] = []

        async def no_time(_: float) -> None:
            await asyncio.sleep(0)

        async def session() -> Reading:
            client = MetaClient(
                job.access(), say=said.append, sleep=no_time, now=job.settings.now, timeout_s=timeout_s
            )
            async with client:
                edges, traffic = await read_hub(job, client)
            return Reading(job, edges, traffic, said, client.stopped)

        job.folder.mkdir(parents=True)
        return asyncio.run(session())

    def strike(self, case: Case) -> Reading:
        """Read the hub while the case's fault is on."""
        self.box.graph.reader.faults = read_schedule(case.schedule)
        self.box.switches.set(case.place.switches)
        try:
            # silence is waited for; nothing else is to run into the time limit on a busy machine
            return self.read(0.25 if case.trouble.fault == "hang" else 20)
        finally:
            self.box.graph.reader.faults = []
            self.box.switches.set({"expansion": "on", "empty_nested": "sent"})

    def forget(self, reading: Reading) -> None:
        """Remove the files of a reading."""
        shutil.rmtree(reading.job.folder)

    def calls(self, case: Case) -> int:
        """Return how many calls the hub takes under the case's switches when nothing goes wrong."""
        key = str(case.place.switches)
        if key not in self._calls:
            self._calls[key] = self.strike(replace(case, trouble=NOTHING)).traffic.calls
        return self._calls[key]

    def after(self, reading: Reading, *, recover: bool = False) -> After:
        """Return what a whole check of this reading comes to."""
        content = reading.content()
        found = self._afters.get(content)
        if found is None or (recover and found.recovered is None):
            found = self._afters[content] = self._whole(reading, recover=recover)
        return found

    def _whole(self, reading: Reading, *, recover: bool) -> After:
        self._made += 1
        folder = self._folder / "checks" / str(self._made)
        shutil.copytree(self._folder / "before", folder)
        with box_workspace(folder, self._patch, self.box) as hub:
            job = hub.begin("agency")
            shutil.copytree(reading.job.folder, job.folder)
            directory = [read_directory(job, source) for source in job.settings.directory]
            found = self._told(Check(job, reading.edges, directory, reading.traffic).whole(), folder)
            if recover:
                found = replace(found, recovered=self._told(hub.check(), folder))
        shutil.rmtree(folder)
        return found

    def _told(self, check: Check, folder: Path) -> After:
        now, closed = (_rows(facts) for facts in self._facts(folder))
        before, closed_before = (_rows(facts) for facts in self.before)
        return After(
            check.complete,
            check.asks_for_help,
            check.digest,
            Path(check.told["snapshot"]).name,
            frozenset(check.changes),
            frozenset((p["kind"], p["member"]["member_id"]) for p in check.report["proposals"]),
            opened=now - before,
            gone=before - now,
            closed=closed - closed_before,
        )

    @staticmethod
    def _facts(folder: Path) -> tuple[Facts, Facts]:
        warehouse = folder / ".hubroster" / "warehouse.duckdb"
        return open_facts(warehouse), closed_facts(warehouse)


def _rows(facts: Facts) -> Rows:
    """Return the rows of all tables, without times: two checks are never made at the same one."""
    return frozenset(
        (table, *(repr(value) for value in row if not isinstance(value, datetime)))
        for table, rows in facts.items()
        for row in rows
    )


@contextmanager
def scene_in(folder: Path, outcomes: Path | None, deed: Deed | None = None) -> Iterator[Scene]:
    """Start the sandbox and make the scene."""
    with pytest.MonkeyPatch.context() as patch, Sandbox(WORLD) as box:
        box.switches.set({"max_limit": ROWS_A_PAGE})
        made = Scene(folder, patch, box, outcomes)
        made.begin(deed)
        yield made
