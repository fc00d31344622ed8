"""A check by its plain functions, step by step, without Prefect: of a sandbox, or of rows."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import duckdb
import pytest

from deployments.sandbox.server import Sandbox
from flows.checking.job import CheckJob, begin
from flows.checking.reading import read_hub
from flows.checking.report import draw_report
from flows.checking.standing import Standing, match_members
from flows.checking.steps import Traffic, conclude, load_facts, read_directory
from flows.checking.summary import needs_an_operator, summary
from flows.settings import load_settings
from tasks.directory.read import DirectoryRead
from tasks.meta.client import MetaClient
from tasks.meta.completeness import EdgeRead
from tasks.reports import read_report
from tasks.warehouse.load import LoadSummary

HUB = """
[[hubs]]
label = "{label}"
business_id = "{business_id}"
app_id = "{app_id}"
token = "env:TOKEN_{label}"
sandbox = true
[meta]
graph_url = "{graph_url}"
"""


@dataclass
class Check:
    """One check under way: what was read, and the steps that follow; each may be left out, or come late."""

    job: CheckJob
    edges: list[EdgeRead]
    directory: list[DirectoryRead]
    traffic: Traffic = field(default_factory=lambda: Traffic(1, 1))
    loaded: LoadSummary | None = None
    standing: Standing | None = None
    report: dict[str, Any] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)

    def load(self) -> Self:
        self.loaded = load_facts(self.job, self.edges, self.directory, self.traffic)
        return self

    def match(self) -> Self:
        self.standing = match_members(self.job)
        return self

    def draw(self) -> Self:
        assert self.loaded is not None
        assert self.standing is not None
        self.report = draw_report(self.job, self.edges, self.directory, self.loaded, self.standing)
        return self

    def conclude(self) -> Self:
        assert self.standing is not None
        self.told = summary(self.job, self.report, *conclude(self.job, self.report, self.standing))
        assert read_report(self.job.settings.home, self.told["report_id"]) == self.report
        return self

    def whole(self) -> Self:
        return self.load().match().draw().conclude()

    @property
    def digest(self) -> str:
        return str(self.report["digest"])

    @property
    def complete(self) -> bool:
        return bool(self.told["complete"])

    @property
    def asks_for_help(self) -> bool:
        return needs_an_operator(self.told)

    @property
    def changes(self) -> list[tuple[str, str]]:
        """What is told: (kind, about) each."""
        return [(change["kind"], change["about"]) for change in self.report["changes"]]

    def proposed(self, kind: str) -> list[str]:
        """Return the member ids of the proposals of a kind."""
        return [p["member"]["member_id"] for p in self.report["proposals"] if p["kind"] == kind]

    @property
    def held(self) -> dict[str, list[str]]:
        """Member ids of the removals that are held back, each with the sentences."""
        return {p["member"]["member_id"]: p["held_back"] for p in self.report["held_back"]}

    def found(self, kind: str) -> list[str]:
        return [f["member"]["member_id"] for f in self.report["findings"] if f["kind"] == kind]

    def seat(self, member_id: str) -> dict[str, Any]:
        """Return the row of a present member, with its tab and its person."""
        assert self.standing is not None
        seats = self.standing.seated.seats
        (row,) = seats[seats["member_id"] == member_id].to_dict("records")
        return {str(name): None if value is None or value != value else value for name, value in row.items()}


class Workspace:
    """A folder with a configuration; its hubs are sandboxes, or rows."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
        self.folder, self._patch = folder, monkeypatch
        folder.mkdir(parents=True, exist_ok=True)
        self.config = folder / "hubroster.toml"
        self.config.write_text(text)
        self.use()
        monkeypatch.delenv("HUBROSTER_HOME", raising=False)
        monkeypatch.delenv("HUBROSTER_CLOCK_S", raising=False)

    def use(self) -> Self:
        """Make this the workspace that is configured."""
        self._patch.setenv("HUBROSTER_CONFIG", str(self.config))
        return self

    def move_clock(self, seconds: float) -> None:
        """Move our clock by so much from the true time."""
        self._patch.setenv("HUBROSTER_CLOCK_S", str(seconds))

    @property
    def warehouse(self) -> Path:
        return self.folder / ".hubroster" / "warehouse.duckdb"

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.warehouse), read_only=True) as con:
            con.execute("set TimeZone = 'UTC'")
            return con.execute(sql).fetchall()

    def begin(self, label: str) -> CheckJob:
        return begin(load_settings(), label)


class BoxWorkspace(Workspace):
    """One hub, "agency", that is a sandbox."""

    box: Sandbox

    def read(self, timeout_s: float = 20) -> Check:
        """Begin a check that has read the sandbox; no time passes while the client waits."""
        job = self.begin("agency")
        directory = [read_directory(job, source) for source in job.settings.directory]
        edges, traffic = asyncio.run(_extract(job, timeout_s))
        return Check(job, edges, directory, traffic)

    def check(self) -> Check:
        return self.read().whole()

    def move_clock(self, seconds: float) -> None:
        """Move our clock and Meta's; the sandbox dates its directory file anew."""
        super().move_clock(seconds)
        self.admin("clock", {"now": (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()})

    def admin(self, path: str, body: object = None) -> Any:
        return self.box.admin(path, body if body is not None else {}, method="POST")

    def story(self, name: str) -> list[str]:
        return self.box.world.stories[name]["member_ids"]


async def _no_time(_: float) -> None:
    await asyncio.sleep(0)


async def _extract(job: CheckJob, timeout_s: float) -> tuple[list[EdgeRead], Traffic]:
    client = MetaClient(
        job.access(), say=lambda _: None, sleep=_no_time, now=job.settings.now, timeout_s=timeout_s
    )
    async with client:
        return await read_hub(job, client)


@contextmanager
def box_workspace(folder: Path, monkeypatch: pytest.MonkeyPatch, box: Sandbox) -> Iterator[BoxWorkspace]:
    """Make a workspace for a running sandbox."""
    text = f'[workspace]\nname = "Northwind"\n[[directory]]\npath = "{box.directory_path}"\n'
    made = BoxWorkspace(folder, monkeypatch, text + HUB.format(label="agency", **box.connection()))
    monkeypatch.setenv("TOKEN_agency", box.world.access_token)
    made.box = box
    yield made
    box.admin("faults", [])
