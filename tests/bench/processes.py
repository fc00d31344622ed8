"""Runs the program as separate processes, as users do, and measures them from outside."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

CONFIG = """\
[workspace]
name = "Bench"
[[directory]]
path = "{directory_path}"
[[hubs]]
label = "bench"
business_id = "{business_id}"
app_id = "{app_id}"
app_secret = "env:BENCH_SECRET"
token = "env:BENCH_TOKEN"
sandbox = true
[meta]
graph_url = "{graph_url}"
"""


_MEASURED = Path(__file__).with_name("measured.py")


@dataclass(frozen=True, slots=True)
class Ran:
    """One process: wall seconds, the peak of its own memory in MB, its exit code and what it printed."""

    wall_s: float
    peak_mb: float
    code: int
    out: str
    said: str = ""  # the end of standard error
    cpu_s: float = 0.0  # of all its threads: other work on the machine changes it less than wall_s


@contextmanager
def sandbox(**flags: object) -> Iterator[dict[str, Any]]:
    """Run `hubroster sandbox` with these flags and yield its JSON line."""
    command = [sys.executable, "-m", "deployments.cli", "sandbox", "--json"]
    for name, value in flags.items():
        command += [f"--{name.replace('_', '-')}", str(value)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            raise RuntimeError(f"the sandbox didn't start: {command}")
        yield json.loads(line)
    finally:
        process.terminate()
        process.wait(timeout=60)


def admin(world: dict[str, Any], path: str, body: object = None) -> Any:
    """Call `/_admin`."""
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(f"{world['admin_url']}/{path}", data), timeout=600) as answer:
        return json.load(answer)


@contextmanager
def workspace(world: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Make a workspace for a sandbox and yield the environment that points to it."""
    folder = Path(tempfile.mkdtemp(prefix="hubroster-bench-"))
    try:
        (folder / "hubroster.toml").write_text(CONFIG.format(**world))
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "HUBROSTER_"))}
        yield environment | {
            "HUBROSTER_CONFIG": str(folder / "hubroster.toml"),
            "BENCH_SECRET": world["app_secret"],
            "BENCH_TOKEN": world["access_token"],
        }
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(
    module: str,
    *arguments: str,
    env: dict[str, str] | None = None,
    stdin: str = "",
    python: str = sys.executable,
    seconds: float = 3600,
) -> Ran:
    """Run a module of this project to its end; memory is that of the process itself, without its children."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile("w+") as given:
        given.write(stdin)
        given.seek(0)
        out = Path(folder) / "out"
        command = [sys.executable, "-S", str(_MEASURED), str(out), str(seconds), python, "-m", module]
        took = json.loads(
            subprocess.run(
                [*command, *arguments], env=env, stdin=given, stdout=subprocess.PIPE, check=True
            ).stdout
        )
        return Ran(
            took["wall_s"], took["peak_mb"], took["code"], out.read_text(), took["said"], took["cpu_s"]
        )


def check(env: dict[str, str]) -> tuple[Ran, dict[str, Any]]:
    """Run `hubroster check bench --json` and return the process and its object."""
    ran = run("deployments.cli", "check", "bench", "--json", env=env)
    if not ran.out.strip():
        raise RuntimeError(f"check printed nothing, exit {ran.code}")
    return ran, json.loads(ran.out.strip().splitlines()[-1])
