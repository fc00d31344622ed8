"""The sandbox as others start it: a process of its own, one JSON line, SIGTERM (design §12)."""

import json
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from deployments.sandbox.server import Sandbox
from tests.deployments.conftest import reader
from tests.deployments.small_world import small_world

KEYS = (
    "graph_url",
    "business_id",
    "app_id",
    "app_secret",
    "access_token",
    "write_token",
    "directory_path",
    "smtp_host",
    "smtp_port",
    "admin_url",
)


def start(*flags: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "deployments.sandbox", *flags]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_one_json_line_then_service_then_exit_0(number: signal.Signals, tmp_path: Path) -> None:
    schedule = tmp_path / "faults.json"
    schedule.write_text('[{"edge": "system_users", "fault": "code", "code": 2}]')
    with start("--json", "--members", "12", "--directory", "40", "--faults", str(schedule)) as process:
        assert process.stdout is not None
        facts = json.loads(process.stdout.readline())
        assert tuple(facts) == KEYS
        assert not facts["graph_url"].endswith("/")
        assert facts["admin_url"] == f"{facts['graph_url']}/_admin"
        directory = Path(facts["directory_path"])
        assert len(directory.read_text(encoding="utf-8").splitlines()) > 40

        hub = f"{facts['graph_url']}/v26.0/{facts['business_id']}"
        token = {"access_token": facts["access_token"]}
        users = httpx.get(f"{hub}/business_users", params={**token, "summary": "true"}).json()
        assert users["summary"]["total_count"] == 12
        assert httpx.get(f"{hub}/system_users", params=token).json()["error"]["code"] == 2

        process.send_signal(number)
        out, err = process.communicate(timeout=20)

    assert (process.returncode, out, err) == (0, "", "")
    assert not directory.exists()
    assert not directory.parent.exists()


@pytest.mark.parametrize("content", ["no json", '[{"edge": "x", "fault": "nothing"}]', None])
def test_a_schedule_that_can_not_be_used_is_one_line_and_exit_1(tmp_path: Path, content: str | None) -> None:
    schedule = tmp_path / "faults.json"
    if content is not None:
        schedule.write_text(content)
    with start("--json", "--faults", str(schedule)) as process:
        out, err = process.communicate(timeout=20)

    assert (process.returncode, json.loads(out)["exit"]) == (1, 1)
    assert err.startswith("sandbox: ")
    assert err.count("\n") == 1


def test_a_taken_port_is_one_line_and_exit_1() -> None:
    with Sandbox(small_world()) as box, start("--port", box.graph_url.rpartition(":")[2]) as process:
        out, err = process.communicate(timeout=20)

    assert (process.returncode, out) == (1, "")
    assert err.startswith("sandbox: ")


def test_latency_is_paid_once_by_requests_side_by_side_and_again_for_every_part() -> None:
    with Sandbox(small_world(), latency_ms=200) as box, reader(box) as graph:

        def timed(path: str) -> float:
            start = time.monotonic()
            graph.get(path)
            return time.monotonic() - start

        start_all = time.monotonic()
        with ThreadPoolExecutor(5) as pool:
            times = list(pool.map(timed, ["500"] * 5))
        assert min(times) >= 0.2
        assert time.monotonic() - start_all < 0.9
        items = [{"relative_url": "500"}] * 50
        start_batch = time.monotonic()
        graph.post("", data={"batch": json.dumps(items)})
        assert time.monotonic() - start_batch >= 0.25
