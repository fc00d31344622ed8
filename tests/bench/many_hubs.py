"""Many hubs in one workspace: the time of `check --all`, its memory, and how long the warehouse is held.

`python -m tests.bench.many_hubs HUBS PEOPLE` prints one line of Markdown.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

LATENCY_MS = 50
LOOK_S = 0.05
HEAD = (
    "| hubs of 40 members | directory | all checked in | complete | peak memory of all processes "
    "| longest hold of the warehouse |\n|---:|---:|---:|---:|---:|---:|"
)


@dataclass(frozen=True, slots=True)
class Measured:
    """One run: seconds, hubs that were complete, MB of all its processes together, seconds of one hold."""

    hubs: int
    people: int
    wall_s: float
    complete: int
    peak_mb: float
    held_s: float

    def line(self) -> str:
        """Return a row of the table."""
        return (
            f"| {self.hubs} | {self.people:,} | {self.wall_s / 60:.1f} min | {self.complete} "
            f"| {self.peak_mb:,.0f} MB | {self.held_s:.2f} s |"
        )


def measure(hubs: int, people: int) -> Measured:
    """Check so many hubs of 40 members once, for the first time, with 50 ms a request."""
    with tempfile.TemporaryDirectory(prefix="hubroster-bench-") as name, _worlds(Path(name), hubs, people):
        home = Path(name) / ".hubroster"
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "HUBROSTER_"))}
        environment["HUBROSTER_CONFIG"] = str(Path(name) / "hubroster.toml")
        command = [sys.executable, "-m", "deployments.cli", "check", "--all", "--json"]
        began = time.monotonic()
        with (Path(name) / "said").open("wb") as said:
            process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=said)
        watch = _Watch(process.pid, home / "warehouse.duckdb")
        out, _ = process.communicate()
        wall = time.monotonic() - began
        watch.stop()
        answers = [json.loads(line) for line in out.splitlines()]
        complete = sum(bool(one.get("complete")) for one in answers)
        return Measured(hubs, people, wall, complete, watch.peak_mb, watch.held_s)


@contextmanager
def _worlds(folder: Path, hubs: int, people: int) -> Iterator[None]:
    command = [sys.executable, "-m", "tests.bench.many_worlds", str(folder), str(hubs), str(people)]
    process = subprocess.Popen([*command, str(LATENCY_MS)], stdout=subprocess.PIPE)
    try:
        if process.stdout is None or not process.stdout.readline():
            raise RuntimeError("the worlds didn't start")
        yield
    finally:
        process.terminate()
        process.wait(timeout=60)


class _Watch:
    """Looks twenty times a second at the memory of a process with its children, and who locks the file."""

    def __init__(self, pid: int, file: Path) -> None:
        self.peak_mb = self.held_s = 0.0
        self._pid, self._file, self._over = pid, file, Event()
        self._thread = Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        holder, since, looks = None, 0.0, 0
        while not self._over.wait(LOOK_S):
            now, found = time.monotonic(), _holder(self._file)
            if found != holder:
                holder, since = found, now
            elif found is not None:
                self.held_s = max(self.held_s, now - since)
            if looks % 20 == 0:
                self.peak_mb = max(self.peak_mb, sum(map(_mb, _family(self._pid))))
            looks += 1


def _holder(file: Path) -> str | None:
    """Return the number of the process that has the file to itself, by the kernel's list of locks."""
    with suppress(FileNotFoundError):
        inode = f":{file.stat().st_ino}"
        for line in Path("/proc/locks").read_text().splitlines():
            _, kind, _, how, pid, where, *_ = line.split()
            if kind == "POSIX" and how == "WRITE" and where.endswith(inode):
                return pid
    return None


def _family(pid: int) -> list[int]:
    found = [pid]
    for one in found:
        with suppress(OSError):
            for thread in Path(f"/proc/{one}/task").iterdir():
                found += map(int, (thread / "children").read_text().split())
    return found


def _mb(pid: int) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    sys.stdout.write(f"{HEAD}\n{measure(int(sys.argv[1]), int(sys.argv[2])).line()}\n")
