"""What a check's matching takes on a day on which little is new, against weighing everybody.

    python -m tests.bench.weighed_again

In one process, the directory made ready anew each time, as for the first hub that a process checks.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from deployments.sandbox.labelled import labelled
from matching.people.asked_before import Weighed
from matching.people.directory import forget
from matching.people.link import Matched, match_people

SIZES = ((200, 40), (20_000, 40), (200_000, 40), (50_000, 20_000))
HEAD = (
    "| people | members | everybody, nothing kept | everybody, kept | one new | nobody new |\n"
    "|---:|---:|---:|---:|---:|---:|"
)


@dataclass(frozen=True, slots=True)
class Day:
    """Seconds of matching, the best of some: without keeping anything, at first, and on two later days."""

    people: int
    members: int
    plain_s: float
    first_s: float
    one_new_s: float
    none_new_s: float

    def line(self) -> str:
        times = (self.plain_s, self.first_s, self.one_new_s, self.none_new_s)
        return f"| {self.people:,} | {self.members:,} | {' | '.join(f'{s:.2f} s' for s in times)} |"


def measure(people: int, members: int, times: int = 3) -> Day:
    """Match one company in four ways, in turn; every way must come to the same outcomes."""
    made = labelled(seed=1, people=people, members=members)
    directory, seats = pd.DataFrame(made.directory), pd.DataFrame(made.members)

    def matched(before: Weighed | None) -> Matched:
        return match_people(seats, directory, before=before)

    known = matched(Weighed()).weighed
    last = str(known.rows["question"].iloc[-1])
    all_but_one = Weighed(known.ground, known.rows[known.rows["question"] != last])
    ways = (None, Weighed(), all_but_one, known)
    found = [[timed(lambda before=before: matched(before)) for before in ways] for _ in range(times)]
    for _, one in found[0][1:]:
        if not one.outcomes.equals(found[0][0][1].outcomes):
            raise RuntimeError("what was kept came to other outcomes")
    best = [min(turn[place][0] for turn in found) for place in range(len(ways))]
    return Day(people, members, *best)


def timed(run: Callable[[], Matched]) -> tuple[float, Matched]:
    forget()
    began = time.perf_counter()
    found = run()
    return time.perf_counter() - began, found


def main() -> int:
    """Print the table."""
    sys.stdout.write(f"{HEAD}\n")
    for people, members in SIZES:
        sys.stdout.write(f"{measure(people, members).line()}\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
