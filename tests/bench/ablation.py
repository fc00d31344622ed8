"""What each part of the matching engine earns: it is switched off, and everything is measured again.

make ablation, or python -m tests.bench.ablation [--only TEXT]

Per set of data one table of differences to the whole engine, in points (hundredths): less is a loss, but for
the gap and the time. Precision and recall are those of `hubroster link` by default; the gap is the mean
distance of stated from seen probability, of members whom no address links. CPU seconds of the matching alone.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean

import duckdb
import pandas as pd

from deployments.sandbox.labelled import labelled
from matching.people.directory import forget
from matching.people.exact import RULES
from matching.people.link import Matched, Policy, match_people
from tests.bench.ablation_parts import PARTS
from tests.bench.edits import Part, edited
from tests.bench.matching_quality import calibration, judged, quality
from tests.bench.matching_report import FIGURES
from tests.bench.matching_runs import BENCH_PYTHON
from tests.bench.other_habits import in_other_habits
from tests.bench.processes import run

POLICY = Policy(0.97, auto_match_by_name="always")  # as `hubroster link` has it by default
SIZES = (
    ("5,000 × 2,000, three companies", 5_000, 2_000, (1, 2, 3)),
    ("50,000 × 20,000", 50_000, 20_000, (1,)),
)
SHOWN = [name for name in FIGURES if name != "clear_at_5"]
HEAD = ("", "without", *(FIGURES[name] for name in SHOWN), "gap", "CPU s", "members changed")


@dataclass(frozen=True, slots=True)
class Data:
    """Companies of one kind: each has members, directory and truth."""

    name: str
    companies: Sequence[tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]]


@dataclass(frozen=True, slots=True)
class Run:
    """One engine on one set of data: the means of all figures, and what it said."""

    figures: dict[str, float]
    said: Sequence[Matched]


def main() -> None:
    """Print the tables, one after another."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--only", default="", help="only parts whose stage or name has this text")
    asked = parser.parse_args()
    parts = [one for one in PARTS if asked.only in f"{one.stage} {one.name}"]
    began = time.monotonic()
    for data in _data():
        _say([f"\n### {data.name}\n"])
        _say(_table(data, parts))
    _say([f"\n{len(parts)} parts in {(time.monotonic() - began) / 60:.1f} minutes."])


def measured(data: Data, off: Part | None = None) -> Run:
    """Match every company of the data, with one part switched off where one is given."""
    found, said = [], []
    for members, people, truth in data.companies:
        with edited(off.off) if off else nullcontext():
            forget()
            began = time.process_time()
            matched = match_people(members, people, policy=POLICY)
            seconds = time.process_time() - began
        rows = judged(matched.outcomes, matched.candidates, truth)
        bands = calibration(rows[~rows["rule"].isin(RULES)]).dropna()
        gap = float(((bands["stated"] - bands["seen"]).abs() * bands["n"]).sum() / max(bands["n"].sum(), 1))
        of_it = asdict(quality(matched.outcomes, matched.candidates, truth))
        found.append(of_it | {"gap": gap, "cpu_s": seconds})
        said.append(matched)
    return Run({name: mean(one[name] for one in found) for name in found[0]}, said)


def _data() -> Iterator[Data]:
    for name, people, members, seeds in SIZES:
        made = [labelled(seed, people, members) for seed in seeds]
        yield Data(
            name,
            [tuple(pd.DataFrame(rows) for rows in (one.members, one.directory, one.truth)) for one in made],
        )
    made = labelled(4, 5_000, 2_000)
    company = in_other_habits(*(pd.DataFrame(rows) for rows in (made.members, made.directory, made.truth)))
    yield Data("5,000 × 2,000 in other habits", [company])
    with tempfile.TemporaryDirectory(prefix="hubroster-ablation-") as folder:
        if not BENCH_PYTHON.exists():
            _say(
                [f"\nfebrl4 is left out: there is no {BENCH_PYTHON}; `make .venv-bench/.installed` makes it."]
            )
            return
        ran = run("tests.bench.febrl_worker", folder, python=str(BENCH_PYTHON))
        if ran.code:
            _say([f"\nfebrl4 is left out: {ran.said.strip().splitlines()[-1]}"])
            return
        names = ("members", "directory", "truth")
        read = tuple(duckdb.read_parquet(str(Path(folder) / f"{name}.parquet")).df() for name in names)
        yield Data("febrl4", [read])


def _table(data: Data, parts: Sequence[Part]) -> Iterator[str]:
    """Yield the rows as they are measured: the whole engine, then what changes without each part."""
    measured(data)  # the first run of a process is slower than the others
    whole = measured(data)
    shares = [f"{100 * whole.figures[name]:.2f}" for name in (*SHOWN, "gap")]
    yield _row(HEAD)
    yield _row(["---"] * len(HEAD))
    yield _row(["", "nothing", *shares, f"{whole.figures['cpu_s']:.2f}", ""])
    for one in parts:
        without = measured(data, one)
        by = {name: without.figures[name] - whole.figures[name] for name in whole.figures}
        points = [_points(by[name]) for name in (*SHOWN, "gap")]
        changed = str(_changed(whole.said, without.said))
        yield _row([one.stage, one.name, *points, f"{by['cpu_s']:+.2f}", changed])


def _changed(whole: Sequence[Matched], without: Sequence[Matched]) -> int:
    """Count the members of whom something else is said: outcome, person, or how sure."""
    pairs = zip(whole, without, strict=True)
    return sum(int((a.outcomes.fillna("") != b.outcomes.fillna("")).any(axis=1).sum()) for a, b in pairs)


def _points(share: float) -> str:
    shown = f"{100 * share:+.2f}"
    return "·" if float(shown) == 0 else shown


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _say(lines: Iterator[str] | Sequence[str]) -> None:
    for line in lines:
        print(line, flush=True)


if __name__ == "__main__":
    main()
