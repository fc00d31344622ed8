"""What matching has to reach, and whether it did: one row per target, met, missed or not measured."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import mean, median

from tests.bench.matching_runs import OURS, Trial

SIZES = (5_000, 50_000, 200_000)  # people; each tuple below has one figure per size
AT_LEAST = {
    "precision": (0.995, 0.995, 0.995),
    "recall": (0.94, 0.87, 0.825),
    "f1": (0.989, 0.980, 0.973),
    "recall_at_5": (0.998, 0.993, 0.98),
}
TIMES_SAFE_RECALL_OF_SPLINK = (1.55, 1.6, 1.4)
TIMES_AS_FAST_AS = {"splink": (2.5, 4, 8), "cdist": (None, 10, 40)}
PEAK_MB = (280, 600, 1000)
FEW = (200_000, 40)  # people and members
FEW_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Target:
    """A target and what was measured; `measured` is None where nothing was."""

    what: str
    size: str
    wanted: float
    measured: float | None
    is_limit: bool = False  # at most, not at least

    @property
    def verdict(self) -> str:
        if self.measured is None:
            return "not measured"
        met = self.measured <= self.wanted if self.is_limit else self.measured >= self.wanted
        return "met" if met else "missed"


def targets(trials: Sequence[Trial]) -> list[Target]:
    """Compare the trials with every target; several seeds count by their mean, times by their median."""
    found = [one for at, people in enumerate(SIZES) for one in _of_size(trials, at, people)]
    few = [one for one in trials if (one.company.people, one.company.members) == FEW]
    return [*found, Target("seconds", "200,000 × 40", FEW_SECONDS, _or_none(_seconds, few), is_limit=True)]


def _of_size(trials: Sequence[Trial], at: int, people: int) -> list[Target]:
    ours = [one for one in trials if one.program == OURS and _is_of(one, people)]
    size = ours[0].company.size if ours else f"{people:,}"
    found = [
        Target(
            name.replace("_", " "),
            size,
            wanted[at],
            _or_none(lambda them, name=name: _mean(them, name), ours),
        )
        for name, wanted in AT_LEAST.items()
    ]
    anchors = {
        name: [one for one in trials if one.program == name and _is_of(one, people)]
        for name in TIMES_AS_FAST_AS
    }
    found.append(
        Target(
            "R@P against Splink's",
            size,
            TIMES_SAFE_RECALL_OF_SPLINK[at],
            _safe_recall_ratio(ours, anchors["splink"]),
        )
    )
    for name, wanted in TIMES_AS_FAST_AS.items():
        factor = wanted[at]
        if factor is not None:
            ratio = _seconds(anchors[name]) / _seconds(ours) if anchors[name] and ours else None
            found.append(Target(f"times as fast as {name}", size, factor, ratio))
    peak = _or_none(lambda them: max(one.peak_mb for one in them), ours)
    return [*found, Target("peak MB", size, PEAK_MB[at], peak, is_limit=True)]


def _is_of(trial: Trial, people: int) -> bool:
    """Say whether it is of a generated company of this size: targets are set for those."""
    of = trial.company
    return of.people == people and of.members > FEW[1] and not of.name


def _safe_recall_ratio(ours: Sequence[Trial], theirs: Sequence[Trial]) -> float | None:
    """Compare on the companies that both have seen."""
    seeds = {one.company.seed for one in theirs}
    same = [one for one in ours if one.company.seed in seeds]
    return _mean(same, "r_at_p") / max(_mean(theirs, "r_at_p"), 1e-9) if same and theirs else None


def _mean(trials: Sequence[Trial], name: str) -> float:
    return mean(getattr(one.quality, name) for one in trials)


def _seconds(trials: Sequence[Trial]) -> float:
    return median(one.wall_s for one in trials)


def _or_none(figure: Callable[[Sequence[Trial]], float], trials: Sequence[Trial]) -> float | None:
    return figure(trials) if trials else None
