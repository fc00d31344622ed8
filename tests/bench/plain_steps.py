"""How long each step of a plain check takes (tests/flows/plain_check.py), without Prefect.

    python -m tests.bench.plain_steps --checks 30

Every check begins with a hub that was checked well once, as a case of the matrix or a drill's night does.
"""

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import pytest

from deployments.sandbox.build import WorldPlan
from deployments.sandbox.server import Sandbox
from tests.flows.plain_check import BoxWorkspace, box_workspace

STEPS = ("read", "load", "match", "draw", "conclude")


def steps(workspace: BoxWorkspace) -> dict[str, float]:
    """Check once; return the seconds of each step, of all, and of the processor (the sandbox's as well)."""
    took, began, cpu = {}, time.perf_counter(), time.process_time()
    check = workspace.read()
    took["read"] = time.perf_counter() - began
    for step in STEPS[1:]:
        at = time.perf_counter()
        getattr(check, step)()
        took[step] = time.perf_counter() - at
    took["whole check"] = time.perf_counter() - began
    took["CPU"] = time.process_time() - cpu
    return took


def measured(checks: int, folder: Path, patch: pytest.MonkeyPatch) -> list[dict[str, float]]:
    """Check a hub of 40 members so often, after two checks to warm up."""
    with Sandbox(WorldPlan()) as box:
        with box_workspace(folder / "good", patch, box) as good:
            good.check()
        found = []
        for number in range(checks + 2):
            again = folder / str(number)
            shutil.copytree(folder / "good", again)
            with box_workspace(again, patch, box) as workspace:
                found.append(steps(workspace))
            shutil.rmtree(again)
    return found[2:]


def main() -> int:
    """Print a table: the minimum and the median of each step."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--checks", type=int, default=30)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        found = measured(asked.checks, Path(folder), patch)
    sys.stdout.write(f"{'':12} {'min ms':>7} {'median':>7}\n")
    for step in (*STEPS, "whole check", "CPU"):
        times = [1000 * one[step] for one in found]
        sys.stdout.write(f"{step:12} {min(times):7.0f} {median(times):7.0f}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
