"""The whole check as a process: time, memory, growth, what a second one writes, what Prefect adds."""

import math
import sqlite3
import statistics
from dataclasses import dataclass
from pathlib import Path

import duckdb

from tests.bench.processes import check, run, sandbox, workspace

_TABLES = (
    "members", "assets", "hub_assets", "grants", "people", "stays", "links", "candidates", "partners",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Size:
    """A hub and its directory."""

    members: int
    pages: int
    ad_accounts: int
    directory: int

    def flags(self) -> dict[str, object]:
        return {
            "members": self.members,
            "pages": self.pages,
            "ad_accounts": self.ad_accounts,
            "directory": self.directory,
            "latency_ms": 0,
        }


@dataclass(frozen=True, slots=True)
class Measured:
    """Medians of whole processes at one size; `written` is the share of rows that the second check wrote."""

    size: Size
    grants: int
    first_s: float
    second_s: float
    plain_s: float
    peak_mb: float
    written: float
    task_runs: int


def measure(size: Size, times: int) -> Measured:
    """Check a fresh workspace twice, and once more without Prefect, `times` times; return the medians."""
    first, second, plain, peaks, written, tasks, grants = [], [], [], [], 0.0, 0, 0
    with sandbox(**size.flags()) as world:
        for _ in range(times):
            with workspace(world) as env:
                home = Path(env["HUBROSTER_CONFIG"]).parent / ".hubroster"
                ran, result = check(env)
                grants, before = result["grants"], _rows(home)
                again, repeated = check(env)
                if not (result["complete"] and repeated["complete"]):
                    raise RuntimeError("a check was not complete")
                first.append(ran.wall_s)
                second.append(again.wall_s)
                peaks.append(max(ran.peak_mb, again.peak_mb))
                written = _touched(home) / max(1, before)
                tasks = _task_runs(home) // 2
            with workspace(world) as env:
                bare = run("tests.bench.plain_worker", "bench", env=env)
                if bare.code != 0:
                    raise RuntimeError(f"the plain check failed with {bare.code}")
                plain.append(bare.wall_s)
    return Measured(
        size, grants, statistics.median(first), statistics.median(second), statistics.median(plain),
        statistics.median(peaks), written, tasks,
    )  # fmt: skip


def table(found: list[Measured]) -> list[str]:
    """Return the measurements as lines of Markdown."""
    lines = [
        "| members | Pages | ad accounts | grants | directory | first check | second, unchanged "
        "| rows it wrote | without Prefect | peak memory | task runs |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for one in found:
        size = one.size
        lines.append(
            f"| {size.members:,} | {size.pages:,} | {size.ad_accounts:,} | {one.grants:,} "
            f"| {size.directory:,} | {one.first_s:.1f} s | {one.second_s:.1f} s "
            f"| {one.written:.3%} | {one.plain_s:.1f} s | {one.peak_mb:,.0f} MB | {one.task_runs} |"
        )
    return lines


def slope(found: list[Measured]) -> float:
    """Return the slope of log(seconds of the first check) over log(members), from first to last."""
    return _slope(found, [one.first_s for one in found])


def plain_slope(found: list[Measured]) -> float:
    """Return the same without Prefect, whose fixed cost would flatter the slope."""
    return _slope(found, [one.plain_s for one in found])


def _slope(found: list[Measured], seconds: list[float]) -> float:
    return math.log(seconds[-1] / seconds[0]) / math.log(found[-1].size.members / found[0].size.members)


def _rows(home: Path) -> int:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        return sum((con.execute(f"select count(*) from {table}").fetchone() or (0,))[0] for table in _TABLES)


def _touched(home: Path) -> int:
    """Count the rows that the newest check opened or closed."""
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        newest = (con.execute("select max(started_at) from checks").fetchone() or (None,))[0]
        counts = (
            con.execute(f"select count(*) from {t} where $at in (valid_from, valid_to)", {"at": newest})
            for t in _TABLES
        )
        return sum((answer.fetchone() or (0,))[0] for answer in counts)


def _task_runs(home: Path) -> int:
    with sqlite3.connect(home / "prefect" / "prefect.db") as con:
        return int(con.execute("select count(*) from task_run").fetchone()[0])
