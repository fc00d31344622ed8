"""The measurements of matching as Markdown."""

import ast
from collections.abc import Sequence
from pathlib import Path
from statistics import mean, median

import pandas as pd

from tests.bench.matching_quality import Quality, by_variant, calibration
from tests.bench.matching_runs import ANCHORS, OURS, Trial
from tests.bench.matching_targets import Target

FIGURES = {
    "precision": "precision", "recall": "recall", "f1": "F1", "r_at_p": "R@P.995", "recall_at_5": "recall@5",
    "most_at_5": "recall@5 at best", "clear_at_5": "clear recall@5",
}  # fmt: skip


def settings() -> list[str]:
    """Say how each anchor is set: the last paragraph of its worker's docstring."""
    said = []
    for name in ANCHORS:
        text = ast.get_docstring(ast.parse(Path(__file__).with_name(f"{name}_worker.py").read_text())) or ""
        said.append(f"- **{name}**: {' '.join(text.split(chr(10) * 2)[-1].split())}")
    return said


def programs(trials: Sequence[Trial]) -> list[str]:
    """One row per size and program: means over the seeds, median seconds, the highest peak."""
    head = ["people × members", "program", "seeds", *FIGURES.values(), "s", "CPU s", "MB"]
    groups: dict[tuple[str, str], list[Trial]] = {}
    for one in trials:
        groups.setdefault((one.company.size, one.program), []).append(one)
    rows = []
    for (size, program), them in groups.items():
        figures = [f"{mean(getattr(one.quality, name) for one in them):.4f}" for name in FIGURES]
        if program != OURS:
            figures[:2] = ["–", "–"]  # they leave the decision to whoever runs them
        wall, cpu = (median(getattr(one, name) for one in them) for name in ("wall_s", "cpu_s"))
        peak = max(one.peak_mb for one in them)
        rows.append([size, program, str(len(them)), *figures, f"{wall:.1f}", f"{cpu:.1f}", f"{peak:,.0f}"])
    return _table(head, rows)


def thresholds(trials: Sequence[Trial]) -> list[str]:
    """One row per size and threshold: precision and recall of our links, means over the seeds."""
    groups: dict[tuple[str, float], list[Quality]] = {}
    for one in trials:
        for at_least, found in one.by_threshold.items():
            groups.setdefault((one.company.size, at_least), []).append(found)
    return _table(
        ["people × members", "links from", "seeds", "precision", "recall"],
        [
            [
                size, f"{at_least:g}", str(len(them)),
                f"{mean(one.precision for one in them):.4f}", f"{mean(one.recall for one in them):.4f}",
            ]
            for (size, at_least), them in groups.items()
        ],
    )  # fmt: skip


def calibrated(rows: pd.DataFrame) -> list[str]:
    """One row per band of posteriors."""
    return _table(
        ["posterior", "members", "stated", "seen"],
        [
            [one.band, f"{one.n:,}", _share(one.stated), _share(one.seen)]
            for one in calibration(rows).itertuples()
        ],
    )


def variants(rows: pd.DataFrame, part: int) -> list[str]:
    """One row per way of writing the name, or kind of address: where links are missed, and where wrong."""
    return _table(
        [("name", "address")[part], "members", "could match", "recall", "in the top 5", "wrong links"],
        [
            [
                one.variant, f"{one.members:,}", f"{one.matchable:,}",
                _share(one.recall), _share(one.in_list), str(one.wrong),
            ]
            for one in by_variant(rows, part).itertuples()
        ],
    )  # fmt: skip


def verdicts(found: Sequence[Target]) -> list[str]:
    """One row per target."""
    rows = []
    for one in found:
        measured = "–" if one.measured is None else f"{one.measured:,.4g}"
        limit = "≤" if one.is_limit else "≥"
        rows.append([one.what, one.size, f"{limit} {one.wanted:,.4g}", measured, one.verdict])
    return _table(["target", "people × members", "wanted", "measured", ""], rows)


def _share(value: float) -> str:
    return "–" if pd.isna(value) else f"{value:.4f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(line)} |" for line in lines]
