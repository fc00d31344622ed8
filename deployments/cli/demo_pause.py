"""The demo that stops at the gate: everything runs, and whoever looks on plays the Owners."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from deployments.cli.output import print_json, stderr
from flows.server.lasting import LastingServer, running_server
from flows.settings import Settings
from tasks.errors import HubrosterError

START_S = 180.0
LOOK_S = 1.0
_CODE = re.compile(r"^\s*Type this code there:\s+([A-Z0-9]{10})\s*$", re.MULTILINE)


def wait_at_the_gate(
    settings: Settings,
    world: Mapping[str, Any],
    check: Mapping[str, Any],
    environment: Mapping[str, str],
    port: int,
    *,
    json: bool,
) -> int:
    """Run `up` beside the sandbox, say where to answer, and tell what is removed until Ctrl-C or SIGTERM."""
    signal.signal(signal.SIGTERM, _interrupt)
    before = _users(world)
    with _up(environment, port) as process:
        server = _await_server(settings, process)
        where = _where(settings, world, server)
        if json:
            print_json({"check": check, **where})
        else:
            _tell(where, world)
        try:
            while process.poll() is None:
                if gone := sorted(before - _users(world)):
                    stderr.print(f"Removed at Meta: {', '.join(gone)}", markup=False)
                    before -= set(gone)
                time.sleep(LOOK_S)
        except KeyboardInterrupt:
            return 0
        raise HubrosterError(f"`up` ended by itself: see {settings.home}/logs")


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


@contextmanager
def _up(environment: Mapping[str, str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "deployments.cli", "up", "--port", str(port)]
    process = subprocess.Popen(command, env=dict(environment))  # noqa: S603, our own program
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=60)


def _await_server(settings: Settings, process: subprocess.Popen[bytes]) -> LastingServer:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        server = running_server(settings)
        if server is not None and _answers(f"{settings.page.url}/livez"):
            return server
        time.sleep(LOOK_S)
    raise HubrosterError(f"`up` didn't start: see {settings.home}/logs")


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def _where(settings: Settings, world: Mapping[str, Any], server: LastingServer) -> dict[str, Any]:
    """Return where the demo waits for an answer, and the mails' codes for the page."""
    mails = httpx.get(f"{world['admin_url']}/mails", timeout=60, trust_env=False).raise_for_status()
    codes = {
        mail["to"][0]: found[1]
        for mail in mails.json()["mails"]
        if mail["text"] and (found := _CODE.search(mail["text"]))
    }
    review = re.search(r"/r/([\w.-]+)", " ".join(mail["text"] or "" for mail in mails.json()["mails"]))
    return {
        "page": f"{settings.page.url}/r/{review[1] if review else ''}",
        "prefect": server.url.removesuffix("/api"),
        "prefect_login": str(Path(settings.home) / "up.json"),
        "owners": [{"address": address, "page_code": code} for address, code in codes.items()],
        "mails": f"{world['admin_url']}/mails",
    }


def _tell(where: Mapping[str, Any], world: Mapping[str, Any]) -> None:
    stderr.print()
    stderr.print("The demo waits for an answer. You play the Owners:", style="bold")
    lines = [f"  The page:      {where['page']}"]
    lines += [f"    as {one['address']}, with the code {one['page_code']}" for one in where["owners"]]
    lines += [
        f'  Prefect\'s form: {where["prefect"]} (the suspended run "Review ..." -> Resume;',
        f"    login and password in {where['prefect_login']}; it takes the codes of the mails)",
        f"  Their mails:   {where['mails']}",
        "Ctrl-C ends it all.",
    ]
    for line in lines:
        stderr.print(line, markup=False, soft_wrap=True, highlight=False)


def _users(world: Mapping[str, Any]) -> set[str]:
    answer = httpx.get(f"{world['admin_url']}/state", timeout=60, trust_env=False).raise_for_status()
    return {user for user, facts in answer.json()["users"].items() if not facts["is_system"]}
