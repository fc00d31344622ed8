"""The approval drill: random schedules of what can befall an approval, and after every step the truth.

    python -m tests.reliability.approval_drill --schedules 1000 --seed 1
    python -m tests.reliability.approval_drill --only 17        (one schedule, with every step)

Each schedule begins with a hub whose Owners have just been asked. They answer, rightly and wrongly; people
act by hand at Meta; the directory changes; Meta fails; the program dies at a boundary and is started again;
the clock jumps. After each step the judge (approval_truth.py) looks at the stand-in's own world, at Meta's
log, at the directory and at the raw rows of the ledger. It asks none of the functions that it judges.
"""

import argparse
import atexit
import gc
import os
import shutil
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from rich.console import Console
from rich.progress import track

from deployments.sandbox.server import Sandbox
from tests.reliability.approval_acts import Player
from tests.reliability.approval_memory import memory_of
from tests.reliability.approval_scene import Dawn
from tests.reliability.approval_seen import look
from tests.reliability.approval_steps import MORNINGS, Schedule, Step, schedule
from tests.reliability.approval_truth import judge
from tests.reliability.approval_world import approval_world

# What is approved has a result a day later at the latest, whatever went wrong before.
EVENING = (
    Step("post", how="back"),
    Step("notify"),
    Step("wait", how="16"),
    Step("apply"),
    Step("wait", how="1500"),
    Step("apply"),
)


class BrokenPromise(AssertionError):
    """What a step broke, with the steps up to it."""


class ApprovalDrill:
    """The mornings of one process, each made when it is first needed."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder, self._patch = folder, patch
        self._dawns: dict[int, tuple[Sandbox, Dawn]] = {}

    def play(self, one: Schedule, *, told: bool = False) -> Counter[str]:
        """Play a schedule; return how often what happened. Raises BrokenPromise."""
        hub = self._dawn(one.morning).begin(f"schedule-{one.seed}")
        player, passed = Player(hub), list[str]()
        memory = memory_of(player.book(), look(player.world))
        steps = (*one.steps, *EVENING, *((Step("check"),) if one.ends_with_check else ()))
        try:
            for step in steps:
                moment = player.play(step)
                passed.append(f"{step}{f' ({moment.trouble})' if moment.trouble else ''}")
                if told:
                    sys.stdout.write(f"{moment.began:%d %H:%M} {passed[-1]}\n")
                judge(hub, moment, player.book(), memory)
        except AssertionError as error:
            raise BrokenPromise(f"{error} [{_where(error)}] after: " + " | ".join(passed)) from error
        else:
            return memory.tally
        finally:
            shutil.rmtree(hub.ws.folder, ignore_errors=True)

    def _dawn(self, morning: int) -> Dawn:
        if morning not in self._dawns:
            box = Sandbox(approval_world())
            box.__enter__()
            self._dawns[morning] = box, Dawn(self.folder / str(morning), self._patch, box, *MORNINGS[morning])
            gc.collect()
            gc.freeze()  # what stays for all schedules is not looked through in each of them
        return self._dawns[morning][1]

    def close(self) -> None:
        for box, _ in self._dawns.values():
            box.__exit__()


@contextmanager
def approval_drill() -> Iterator[ApprovalDrill]:
    """Make a drill in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        drill = ApprovalDrill(Path(folder), patch)
        try:
            yield drill
        finally:
            drill.close()


def _where(error: Exception) -> str:
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(where.filename).name}:{where.lineno}"


@cache
def _drill_of_this_process() -> ApprovalDrill:
    began = approval_drill()
    drill = began.__enter__()
    atexit.register(began.__exit__, None, None, None)
    return drill


def play_one(seed: int) -> tuple[int, str, Counter[str]]:
    """Play a schedule in this process; return why it failed, empty where it did not, and what happened."""
    try:
        return seed, "", _drill_of_this_process().play(schedule(seed))
    except BrokenPromise as error:
        return seed, str(error), Counter()
    except Exception as error:  # noqa: BLE001 - a schedule in which the program falls over has failed as well
        return seed, f"{type(error).__name__}: {error} [{_where(error)}]", Counter()


def main() -> int:
    """Play the schedules on all cores; print those that failed, and how to play one again."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--schedules", type=int, default=1000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options.add_argument("--only", type=int, help="play this one, and tell every step")
    asked = options.parse_args()
    if asked.only is not None:
        _drill_of_this_process().play(schedule(asked.only), told=True)
        return 0
    seeds = list(range(asked.seed, asked.seed + asked.schedules))
    console, failed, tally = Console(stderr=True), 0, Counter[str]()
    with ProcessPoolExecutor(min(asked.processes, len(seeds))) as pool:
        played = pool.map(play_one, seeds, chunksize=2)
        for seed, reason, happened in track(played, "Schedules", len(seeds), console=console):
            tally += happened
            tally["schedules"] += 1
            if not console.is_terminal and tally["schedules"] % 50 == 0:
                console.print(f"{tally['schedules']} of {len(seeds)} schedules, {failed} failed")
            if reason:
                failed += 1
                again = f"python -m tests.reliability.approval_drill --only {seed}"
                sys.stdout.write(f"schedule {seed}: {reason}\n  again: {again}\n")
                sys.stdout.flush()
    sys.stdout.write(", ".join(f"{what} {count:,}" for what, count in sorted(tally.items())) + "\n")
    sys.stdout.write(f"{len(seeds)} schedules, {failed} failed\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
