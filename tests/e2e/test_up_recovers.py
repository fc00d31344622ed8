"""`hubroster up` in a fresh home, beside a first check: what is killed comes back, and is told."""

import json
import os
import signal
import stat
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from tests.e2e.owners_office import OwnersOffice, owners_office, wait_until
from tests.e2e.processes import HUBROSTER, sandbox, surroundings
from tests.tasks.postgres_server import ABSENT, binaries, postgres_server


def _parts(up: int) -> dict[str, int]:
    """Return the processes that `up` started: word of the command line → number."""
    found = subprocess.run(["pgrep", "-P", str(up)], capture_output=True, text=True, check=False)
    named = {}
    for pid in found.stdout.split():
        try:
            words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
        except OSError:
            continue
        for word in ("prefect", "deployments.serving", "deployments.page"):
            if word in words:
                named[word] = int(pid)
    return named


def _health(office: OwnersOffice) -> tuple[int, dict[str, Any]]:
    try:
        answer = httpx.get(f"{office.page_url}/healthz", timeout=10, trust_env=False)
    except httpx.HTTPError:
        return 0, {}
    return answer.status_code, answer.json()


def _is_well(office: OwnersOffice) -> bool:
    return _health(office)[0] == 200


@pytest.mark.thorough  # over a minute
@pytest.mark.skipif(binaries() is None, reason=ABSENT)
def test_what_is_killed_comes_back_and_what_is_wrong_is_one_line(tmp_path: Path) -> None:
    """After a kill -9 of each part all works again; of `up` itself, the next one starts as if nothing was."""
    with sandbox("--port", "0", "--seed", "1", "--members", "12") as world:
        office = owners_office(tmp_path, world)
        with subprocess.Popen(
            [HUBROSTER, "check", "agency", "--json"],
            cwd=office.folder,
            env=surroundings(office.env),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as first:
            with office.up() as up:
                out, err = first.communicate(timeout=180)
                assert json.loads(out.splitlines()[-1])["complete"], err
                wait_until(lambda: _is_well(office), "health at the start")
                _goes_on_after_kills(office, up.pid)
                _tells(office)
                wait_until(lambda: _is_scheduled(office), "the next check, scheduled", 90)
                up.send_signal(signal.SIGKILL)
                up.wait(timeout=10)
            wait_until(lambda: not _parts(up.pid), "the end of its parts")
        told = json.loads(office.run("runs", "--json").out)
        assert told["source"] == "warehouse and ledger"
        assert {"check", "review"} <= {run["kind"] for run in told["runs"]}
        _logs_are_private(office)
        with postgres_server() as url:
            _goes_on_in_postgres(office, url)


def _goes_on_in_postgres(office: OwnersOffice, url: str) -> None:
    """Move ledger and Prefect to Postgres: the same decisions, the same health."""
    before = office.run("ledger", "verify", "--json").last
    for name in ("ledger", "prefect"):
        with psycopg.connect(f"{url}/template1", autocommit=True) as con:
            con.execute(f"create database {name}")
    asynchronous = url.replace("postgresql://", "postgresql+asyncpg://")
    moved = replace(
        office,
        env=office.env
        | {
            "LEDGER_URL": f"{url}/ledger",
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": f"{asynchronous}/prefect",
        },
    )
    assert moved.run("ledger", "move", "env:LEDGER_URL").code == 0
    assert "not empty" in moved.run("ledger", "move", "env:LEDGER_URL").err
    config = office.folder / "hubroster.toml"
    config.write_text(config.read_text() + '[ledger]\nurl = "env:LEDGER_URL"\n')
    (office.folder / ".hubroster" / "ledger.db").unlink()
    assert moved.run("ledger", "verify", "--json").last["head"] == before["head"]
    with moved.up() as again:
        wait_until(lambda: _is_well(moved), "health on Postgres")
        assert len(_parts(again.pid)) == 3
    with psycopg.connect(f"{url}/prefect") as con:
        assert con.execute("select count(*) from flow_run").fetchone() != (0,)
    saved = moved.run("backup", "kept.tar.gz")
    assert (saved.code, "pg_dump" in saved.err) == (0, True), saved.err


def _is_scheduled(office: OwnersOffice) -> bool:
    runs = json.loads(office.run("runs", "--json").out)["runs"]
    return any((run["kind"], run["state"]) == ("check", "Scheduled") for run in runs)


def _goes_on_after_kills(office: OwnersOffice, up: int) -> None:
    before = _parts(up)
    assert len(before) == 3
    for pid in before.values():
        os.kill(pid, signal.SIGKILL)
    wait_until(
        lambda: len(_parts(up)) == 3 and not set(_parts(up).values()) & set(before.values()), "new parts"
    )
    wait_until(lambda: _is_well(office), f"health after the kills: {_health(office)}")


def _tells(office: OwnersOffice) -> None:
    second = office.run("up", "--port", "1")
    assert (second.code, len(second.err.splitlines())) == (1, 1), second.err
    assert "runs already" in second.err
    told = json.loads(office.run("runs", "--json").out)
    assert "of `hubroster up`" in told["source"]
    states = {(run["kind"], run["state"]) for run in told["runs"]}
    assert ("check", "Completed") in states
    numbers = httpx.get(f"{office.page_url}/metrics", timeout=10, trust_env=False).text
    assert "hubroster_server_up 1.0" in numbers
    assert "hubroster_flows_up 1.0" in numbers


def _logs_are_private(office: OwnersOffice) -> None:
    logs = list((office.folder / ".hubroster" / "logs").iterdir())
    assert {log.name for log in logs} >= {"Prefects-server.log", "the-flows.log"}
    for log in logs:
        assert stat.S_IMODE(log.stat().st_mode) == 0o600
        assert not [s for s in office.env.values() if s in log.read_text()]
