"""Checks in one process with one Prefect server, as talkative as an operator can make it. For test_secrets.

`python -X dev secrets_run.py PLAN`: the plan is JSON, {"admin_url", "rounds": [{"name", "faults", "broken"}],
"leaks"}. The first round is the command itself; the others run its flow, for Prefect's server takes ten
seconds to start. `leaks` plants secrets on purpose: the test shows that it finds them.
"""

import asyncio
import gzip
import json
import logging
import os
import sys
import tempfile
import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from deployments.cli.main import main
from deployments.cli.output import shown_progress
from tasks.meta import store
from tasks.meta.client import MetaClient

MetaClient.__init__.__kwdefaults__["timeout_s"] = 1.0  # a silent Meta costs a second, not half a minute


def schedule(plan: dict[str, Any], faults: list[dict[str, Any]]) -> None:
    """Tell the sandbox what goes wrong from now on."""
    body = json.dumps(faults).encode()
    urlopen(Request(f"{plan['admin_url']}/faults", body), timeout=30).close()  # noqa: S310, our own address


def raw_leak() -> None:
    """Keep what the allow-list is there to drop."""
    dumps, token = store.dumps, os.environ["AGENCY_TOKEN"]
    store.dumps = lambda row: dumps({**row, "next": f"https://graph.test/?access_token={token}"})


def flow_leaks() -> None:
    """Put secrets where Prefect keeps them: log lines, an artifact, a persisted result, a parameter."""
    from prefect import flow, task
    from prefect.artifacts import create_markdown_artifact

    token, secret = os.environ["AGENCY_TOKEN"], os.environ["AGENCY_SECRET"]

    @task(persist_result=True)
    def returns_it() -> str:
        return token

    @flow(name="leaky")
    def leaky(header: str) -> None:
        logging.getLogger("hubroster.progress").info("sent %s", header)
        logging.getLogger("flows").info("asked with %s", header)
        create_markdown_artifact(key="leak", markdown=f"- {secret}")
        returns_it()

    with shown_progress():
        leaky(f"Bearer {token}")
    folder = Path(tempfile.gettempdir()) / "left-behind"
    folder.with_suffix(".gz").write_bytes(gzip.compress(b"first") + gzip.compress(token.encode()))


@contextmanager
def broken_library(what: str | None):
    """Let the HTTP library fail as it never should, in words that hold all it knows."""
    import httpx

    whole = httpx.AsyncClient.send

    async def send(self: Any, request: Any, **options: Any) -> Any:
        if request.url.port == int(os.environ["META_PORT"]) and what == "send":
            raise RuntimeError(f"broken: {request.url} {request.headers['authorization']}")
        return await whole(self, request, **options)

    httpx.AsyncClient.send = send
    try:
        yield
    finally:
        httpx.AsyncClient.send = whole


@contextmanager
def broken_step(what: str | None):
    """Let a function within the flow fail while the hub's keys lie in its frame."""
    import flows.check as checking

    whole = checking.changed_ad_accounts

    def fails(job: Any) -> Any:
        access = job.access()
        assert access.token
        raise RuntimeError(f"unforeseen: {access!r} {job!r}")

    if what == "step":
        checking.changed_ad_accounts = fails
    try:
        yield
    finally:
        checking.changed_ad_accounts = whole


def run_flow(broken: str | None) -> None:
    """Check the hub in the flow, and say what became of it as Python would."""
    from flows.check import check_for_updates

    try:
        with shown_progress(), broken_library(broken), broken_step(broken):
            sys.stdout.write(json.dumps(asyncio.run(check_for_updates("agency"))) + "\n")
    except Exception:  # noqa: BLE001, whatever it is, it is shown
        traceback.print_exc()


def run(plan: dict[str, Any]) -> None:
    """Go through the rounds."""
    if "raw" in plan["leaks"]:
        raw_leak()
    for number, one in enumerate(plan["rounds"]):
        sys.stderr.write(f"== {one['name']}\n")
        schedule(plan, one["faults"])
        if number == 0:
            sys.stderr.write(f"exit {main(['check', 'agency', '--json'])}\n")
        else:
            run_flow(one.get("broken"))
    if "prefect" in plan["leaks"]:
        flow_leaks()


if __name__ == "__main__":
    run(json.loads(Path(sys.argv[1]).read_text()))
