"""How good and how fast matching is, against four others: the section "Matching" of docs/performance.md.

make bench-matching, or python -m tests.bench.matching [--quick] [--million] [--json FILE] [--pictures FOLDER]
"""

import argparse
import json
import os
import platform
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from matching.people.exact import RULES
from tests.bench.matching_pictures import precision_recall, reliability
from tests.bench.matching_quality import by_variant, calibration
from tests.bench.matching_report import calibrated, programs, settings, thresholds, variants, verdicts
from tests.bench.matching_runs import (
    ANCHORS,
    BENCH_PYTHON,
    OURS,
    THRESHOLDS,
    Company,
    Trial,
    anchor,
    company,
    ours,
    same_bytes,
)  # fmt: skip
from tests.bench.matching_targets import FEW, targets
from tests.bench.processes import run

SIZES = ((5_000, 2_000, 5), (50_000, 20_000, 3), (200_000, 50_000, 2))  # people, members, seeds
QUICK = ((5_000, 2_000, 2), (50_000, 20_000, 1))
MILLION = (1_000_000, 200_000)
DRAWN = 50_000  # people of the companies in the pictures and the tables of variants
ONCE = 200_000  # from so many people on the anchors see one company only
ANCHOR_SECONDS, ANCHOR_MB = 600.0, 16_000.0
TIMES = 3  # of the first company of a size, for the median


def main() -> None:
    """Print the tables as they come; write JSON and pictures where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="two sizes, fewer companies")
    parser.add_argument("--million", action="store_true", help="a million people × 200,000 members, once")
    parser.add_argument("--json", type=Path, help="write every figure to this file")
    parser.add_argument("--pictures", type=Path, help="draw into this folder")
    asked = parser.parse_args()
    began = time.monotonic()
    where = (
        f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"load average at the start {os.getloadavg()[0]:.1f}"
    )
    _say([where, "", *settings(), ""])
    notes: list[str] = []
    with tempfile.TemporaryDirectory(prefix="hubroster-bench-") as folder:
        home = Path(folder)
        trials = list(_sizes(home, QUICK if asked.quick else SIZES, notes))
        trials += _few_and_million(home, asked.quick, asked.million, notes)
        trials += _febrl4(home, notes)
    report = _report(trials, notes)
    minutes = (time.monotonic() - began) / 60
    _say(["", f"The whole measurement took {minutes:.1f} minutes."])
    if asked.json:
        told = {"machine": where, "minutes": minutes} | report
        asked.json.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")
    if asked.pictures:
        _draw(trials, asked.pictures)


def _sizes(home: Path, sizes: Sequence[tuple[int, int, int]], notes: list[str]) -> Iterator[Trial]:
    """Run every program on the companies of every size, in turn."""
    grown: dict[str, Trial] = {}  # the last size of each anchor, to foresee the next
    for people, members, seeds in sizes:
        for seed in range(1, seeds + 1):
            with company(home, people, members, seed) as of:
                yield _told(ours(of, TIMES if seed == 1 else 1, THRESHOLDS))
                if seed > 1 and people >= ONCE:
                    continue
                for name in ANCHORS:
                    trial = _anchor(name, of, grown.get(name))
                    if isinstance(trial, Trial):
                        grown[name] = trial
                        yield _told(trial)
                    else:
                        _note(notes, f"{name} at {of.size}, seed {seed}: {trial}")
                if people == DRAWN and seed == 1:
                    same = same_bytes(of)
                    _note(notes, f"CSV files at {of.size} stay the same bytes: {same}")


def _anchor(name: str, of: Company, before: Trial | None) -> Trial | str:
    """Run it, or say why not. The work grows at most with people times members, the memory with people."""
    if not BENCH_PYTHON.exists():
        return f"no {BENCH_PYTHON}: use make bench-matching"
    if before is not None:
        people, members = (of.people / before.company.people, of.members / before.company.members)
        seconds, peak = before.wall_s * people * members, before.peak_mb * max(people, members)
        if seconds > ANCHOR_SECONDS or peak > ANCHOR_MB:
            return (
                f"not run: up to {seconds:,.0f} s and {peak:,.0f} MB, extrapolated from {before.company.size}"
            )
    return anchor(name, of, 2 * ANCHOR_SECONDS)


def _few_and_million(home: Path, quick: bool, million: bool, notes: list[str]) -> Iterator[Trial]:
    """Run ourselves on a few members in a large directory, and on a very large company if asked."""
    if not quick:
        with company(home, *FEW, 1) as of:
            yield _told(ours(of, TIMES))
    if million:
        try:
            with company(home, *MILLION, 1) as of:
                yield _told(ours(of))
        except RuntimeError as error:  # killed for its memory, say: the other figures still count
            _note(notes, f"{MILLION[0]:,} × {MILLION[1]:,}: {error}")


def _febrl4(home: Path, notes: list[str]) -> Iterator[Trial]:
    """Run everybody on febrl4, names only."""
    folder = home / "febrl4"
    folder.mkdir()
    made = (
        run("tests.bench.febrl_worker", str(folder), python=str(BENCH_PYTHON))
        if BENCH_PYTHON.exists()
        else None
    )
    if made is None or made.code:
        _note(notes, f"febrl4: {made.said.strip().splitlines()[-1] if made else f'no {BENCH_PYTHON}'}")
        return
    of = Company(folder, 5_000, 5_000, name="febrl4")
    yield _told(ours(of))
    for name in ANCHORS:
        trial = anchor(name, of, ANCHOR_SECONDS)
        if isinstance(trial, Trial):
            yield _told(trial)
        else:
            _note(notes, f"{name} on febrl4: {trial}")


def _report(trials: Sequence[Trial], notes: Sequence[str]) -> dict[str, Any]:
    """Print the tables; return the figures."""
    by_name = _by_name(trials)
    drawn = _rows(trials, OURS, DRAWN)
    found = targets(trials)
    _say(
        [
            "",
            "## Programs",
            "",
            *programs(trials),
            "",
            "## Links by name from so many per cent on",
            "",
            *thresholds(trials),
            "",
            "## Calibration, by name only",
            "",
            *calibrated(by_name),
        ]
    )
    _say(["", "## By way of writing", "", *variants(drawn, 0), "", *variants(drawn, 1)])
    _say(["", "## Targets", "", *verdicts(found), "", *notes])
    return {
        "trials": [_plain(one) for one in trials],
        "calibration": calibration(by_name).to_dict("records"),
        "by_way": by_variant(drawn, 0).to_dict("records"),
        "by_address": by_variant(drawn, 1).to_dict("records"),
        "targets": [asdict(one) | {"verdict": one.verdict} for one in found],
        "notes": list(notes),
    }


def _draw(trials: Sequence[Trial], folder: Path) -> None:
    programs_rows = {name: _rows(trials, name, DRAWN) for name in (OURS, *ANCHORS)}
    programs_rows = {name: rows for name, rows in programs_rows.items() if len(rows)}
    title = f"Precision and recall, {DRAWN:,} people"
    (folder / "matching-pr.svg").write_text(precision_recall(programs_rows, title))
    title = "Stated and true probability, members without a known address"
    (folder / "matching-calibration.svg").write_text(reliability(_by_name(trials), title))


def _by_name(trials: Sequence[Trial]) -> pd.DataFrame:
    """Return our rows that no address has settled, of the companies of which there are several."""
    usual = {people for people, _, _ in SIZES}
    them = [one for one in trials if one.program == OURS and one.company.seed and one.company.people in usual]
    rows = pd.concat([one.rows for one in them])
    return rows[~rows["rule"].isin(RULES)]


def _rows(trials: Sequence[Trial], program: str, people: int) -> pd.DataFrame:
    them = [one.rows for one in trials if one.program == program and one.company.people == people]
    return pd.concat(them) if them else pd.DataFrame()


def _told(trial: Trial) -> Trial:
    _say([f"{trial.company.size} seed {trial.company.seed} {trial.program}: {trial.wall_s:.2f} s, "
          f"{trial.peak_mb:,.0f} MB, {trial.quality}"])  # fmt: skip
    return trial


def _plain(trial: Trial) -> dict[str, Any]:
    where = {"program": trial.program, "company": trial.company.size, "seed": trial.company.seed}
    return (
        where
        | {"wall_s": trial.wall_s, "cpu_s": trial.cpu_s, "peak_mb": trial.peak_mb}
        | asdict(trial.quality)
        | {"by_threshold": {at_least: asdict(found) for at_least, found in trial.by_threshold.items()}}
    )


def _note(notes: list[str], text: str) -> None:
    notes.append(text)
    _say([text])


def _say(lines: Sequence[str]) -> None:
    print("\n".join(lines), flush=True)


if __name__ == "__main__":
    main()
