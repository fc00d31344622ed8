"""What Prefect adds to a small hub's check when its server runs: `python -m tests.bench.with_server`."""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.bench.processes import check, run, sandbox, workspace

START_S = 120


def measure(times: int) -> list[str]:
    """Return the lines of the comparison: medians of whole processes that check one hub of 40 in turn."""
    with_it, without = [], []
    with sandbox(members=40, pages=30, ad_accounts=25, directory=60) as world, _server() as url:
        for number in range(times + 1):
            with workspace(world) as env:
                ran, result = check(env | {"PREFECT_API_URL": url})
            with workspace(world) as env:
                bare = run("tests.bench.plain_worker", "bench", env=env)
            if not result["complete"] or bare.code != 0:
                raise RuntimeError("a check was not complete")
            if number:  # the first ones warm the server and the disk
                with_it.append(ran.wall_s)
                without.append(bare.wall_s)
    ours, plain = statistics.median(with_it), statistics.median(without)
    return [
        f"A check of a hub of 40 as a process, medians of {times}: {ours:.2f} s with a Prefect server "
        f"running, {plain:.2f} s by the plain functions without Prefect. It adds {ours - plain:.2f} s.",
    ]


@contextmanager
def _server() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    url = f"http://127.0.0.1:{port}/api"
    with (
        tempfile.TemporaryDirectory(prefix="hubroster-bench-") as home,
        Path(home, "said").open("wb") as said,
    ):
        env = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "HUBROSTER_"))}
        env |= {"PREFECT_HOME": home, "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"}
        command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", port]
        with subprocess.Popen(command, env=env, stdout=said, stderr=said) as process:
            try:
                _await(url)
                yield url
            finally:
                process.terminate()
                process.wait(timeout=60)


def _await(url: str) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{url}/health", timeout=5, trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.5)
    raise RuntimeError(f"Prefect's server didn't answer within {START_S} s")


if __name__ == "__main__":
    sys.stdout.write("\n".join(measure(5)) + "\n")
