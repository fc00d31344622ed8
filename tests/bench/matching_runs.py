"""One company, one program: the whole process from start to written file, and how good what it wrote is."""

import os
import shutil
import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pandas as pd

from tests.bench.matching_quality import Quality, best_of, judged, quality
from tests.bench.processes import Ran, run

OURS = "hubroster"
ANCHORS = ("splink", "recordlinkage", "cdist", "tfidf")
DEFAULT, THRESHOLDS = 0.97, (0.9, 0.95, 0.97, 0.99, 0.995)  # of `hubroster link --at-least`
BENCH_PYTHON = Path(".venv-bench/bin/python")  # with the anchors, which the program's own environment lacks


@dataclass(frozen=True, slots=True)
class Company:
    """Three files in a folder: members, directory, truth."""

    folder: Path
    people: int
    members: int
    seed: int = 0  # of those that we generate; others have a name
    name: str = ""

    def path(self, name: str) -> str:
        return str(self.folder / f"{name}.parquet")

    @property
    def size(self) -> str:
        return self.name or f"{self.people:,} × {self.members:,}"


@dataclass(frozen=True, slots=True)
class Trial:
    """One program on one company: median seconds, highest peak, quality, one row per member (`judged`).

    by_threshold: how good our links are from each of THRESHOLDS on, where that was asked for.
    """

    program: str
    company: Company
    wall_s: float
    cpu_s: float
    peak_mb: float
    quality: Quality
    rows: pd.DataFrame
    by_threshold: dict[float, Quality] = field(default_factory=dict)


@contextmanager
def company(home: Path, people: int, members: int, seed: int) -> Iterator[Company]:
    """Make a company in a process of its own, and remove it at the end: the large ones need the disk."""
    folder = home / f"{people}-{members}-{seed}"
    folder.mkdir()
    made = run("tests.bench.matching_data", str(folder), str(people), str(members), str(seed))
    if made.code:
        raise RuntimeError(f"the company could not be made: {made.said}")
    yield Company(folder, people, members, seed)
    shutil.rmtree(folder)


def link(
    of: Company,
    out: str = "out.parquet",
    candidates: str = "candidates.parquet",
    at_least: float = DEFAULT,
) -> Ran:
    """Run `hubroster link` as a process."""
    ran = run(
        "deployments.cli", "link", "--members", of.path("members"), "--directory", of.path("directory"),
        "--out", str(of.folder / out), "--candidates", str(of.folder / candidates),
        "--auto-match-by-name", "always", "--at-least", str(at_least),
    )  # fmt: skip
    if ran.code:
        raise RuntimeError(f"hubroster link failed with {ran.code}: {ran.said}")
    return ran


def ours(of: Company, times: int = 1, thresholds: Sequence[float] = ()) -> Trial:
    """Run ourselves so many times and judge what was written; then once for each threshold."""
    ran = [link(of) for _ in range(times)]
    outcomes, candidates = _read(of.path("out")), _read(of.path("candidates"))
    trial = _trial(OURS, of, ran, outcomes, candidates)
    for at_least in thresholds:
        link(of, "at.parquet", "at-candidates.parquet", at_least)
        found = quality(_read(of.path("at")), _read(of.path("at-candidates")), _read(of.path("truth")))
        trial.by_threshold[at_least] = found
    return trial


def anchor(program: str, of: Company, seconds: float) -> Trial | str:
    """Run another program once and judge what it wrote; or say why there is nothing to judge."""
    out = str(of.folder / f"{program}.parquet")
    ran = run(
        f"tests.bench.{program}_worker", of.path("members"), of.path("directory"), out,
        python=str(BENCH_PYTHON), seconds=seconds,
    )  # fmt: skip
    if ran.code:
        why = ran.said.strip().splitlines()[-1:] or [f"exit {ran.code}"]
        return f"stopped after {seconds:.0f} s" if ran.wall_s >= seconds else why[0]
    candidates = _read(out)
    return _trial(program, of, [ran], best_of(candidates), candidates)


def same_bytes(of: Company) -> dict[str, bool]:
    """Say whether the CSV files stay the same with the rows shuffled, and on one core instead of all."""
    written = [_csv(of, "as they are")]
    shuffled = Company(of.folder / "shuffled", of.people, of.members, of.seed)
    shuffled.folder.mkdir()
    for name in ("members", "directory"):
        rows = _read(of.path(name)).sample(frac=1, random_state=of.seed + 1)
        duckdb.from_df(rows).write_parquet(shuffled.path(name))
    written.append(_csv(shuffled, "shuffled"))
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})  # children inherit it, and DuckDB counts its threads by it
    try:
        written.append(_csv(of, "one core"))
    finally:
        os.sched_setaffinity(0, cores)
    return {"rows shuffled": written[1] == written[0], "1 core, not all": written[2] == written[0]}


def _csv(of: Company, tag: str) -> tuple[bytes, bytes]:
    link(of, f"out {tag}.csv", f"candidates {tag}.csv")
    return (of.folder / f"out {tag}.csv").read_bytes(), (of.folder / f"candidates {tag}.csv").read_bytes()


def _trial(
    program: str, of: Company, ran: Sequence[Ran], outcomes: pd.DataFrame, candidates: pd.DataFrame
) -> Trial:
    truth = _read(of.path("truth"))
    return Trial(
        program,
        of,
        statistics.median(one.wall_s for one in ran),
        statistics.median(one.cpu_s for one in ran),
        max(one.peak_mb for one in ran),
        quality(outcomes, candidates, truth),
        judged(outcomes, candidates, truth),
    )


def _read(path: str) -> pd.DataFrame:
    return duckdb.read_parquet(path).df()
