"""The page as Owners reach it, a process over the hub of `approval_world`; and who knocks there."""

import os
import re
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import pytest

from deployments.sandbox.world import World
from tasks.ledger.entry import Entry
from tests.reliability.approval_scene import Approving, approving
from tests.reliability.approval_world import approval_world

START_S = 60.0
_ADDRESSES = count(1)
_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # httpx would make one for each client, in 30 ms
PAGE_CODE = "Type this code there"


@dataclass
class OwnersPage:
    """A hub that was checked and asked about, and its page. `url` has no slash at its end."""

    hub: Approving
    url: str
    log: Path
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def review(self) -> str:
        found = self.hub.review()
        assert found is not None
        return found.id

    def code(self, name: str) -> str:
        """Return the page code in an Owner's newest mail that has one."""
        return self.hub.code(name, PAGE_CODE)

    def mail(self, name: str) -> dict[str, Any]:
        """Return an Owner's newest mail that asks something."""
        return [mail for mail in self.hub.mails(name) if PAGE_CODE in mail["text"]][-1]

    def start(self, **environment: str) -> None:
        """Serve the page, in this environment and what is given."""
        with self.log.open("ab") as file:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "deployments.page"],
                env=os.environ | environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
            )
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                httpx.get(f"{self.url}/livez", trust_env=False).raise_for_status()
            except httpx.HTTPError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError(self.log.read_text())

    def stop(self) -> None:
        """Stop serving, as `hubroster up` does."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(timeout=30)
            self._process = None

    def recorded(self) -> list[Entry]:
        """Return what the ledger says of the hub, but for what had no effect."""
        return [row for row in self.hub.rows() if row.kind not in ("answer_refused", "entered")]

    def ledger(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return every row of every table of the ledger."""
        with sqlite3.connect(self.hub.ws.folder / ".hubroster" / "ledger.db") as con:
            tables = con.execute("select name from sqlite_master where type = 'table' order by 1").fetchall()
            return {name: con.execute(f'select * from "{name}"').fetchall() for (name,) in tables}


@contextmanager
def owners_page(*leavers: str, world: World | None = None) -> Iterator[OwnersPage]:
    """Check a hub of which these have left, ask its Owners, and serve the page; nobody has answered."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
    with (
        TemporaryDirectory() as folder,
        pytest.MonkeyPatch.context() as patch,
        approving(Path(folder), patch, world=world or approval_world()) as hub,
    ):
        with hub.ws.config.open("a") as config:
            config.write(f'[page]\nurl = "{url}"\n')
        hub.leave(*leavers)
        hub.check()
        page = OwnersPage(hub, url, Path(folder) / "page.log")
        page.start()
        try:
            yield page
        finally:
            page.stop()


def new_address() -> str:
    """Return an address that no test has used, so that none meets the limits of another."""
    number = next(_ADDRESSES)
    return f"10.77.{number // 250}.{number % 250}"


class Visitor:
    """Somebody at the page without a browser: what a form has, and how it is sent, is his to choose."""

    def __init__(self, page: OwnersPage, address: str = "") -> None:
        self.page, self.address = page, address or new_address()
        headers = {"origin": page.url, "x-forwarded-for": self.address}  # as a proxy tells it
        self.client = httpx.Client(base_url=page.url, headers=headers, trust_env=False, verify=_NO_TLS)

    def enter(self, code: str, review: str = "", **headers: str) -> httpx.Response:
        """Type a code at the door of a review, the open one unless told otherwise."""
        return self.client.post(f"/r/{review or self.page.review}", data={"code": code}, headers=headers)

    def look(self) -> httpx.Response:
        return self.client.get(f"/r/{self.page.review}/answers")

    def form(self) -> str:
        """Return what a form of this session carries."""
        return hidden(self.look().text, "form")

    def answer(self, headers: dict[str, str] | None = None, **fields: str) -> httpx.Response:
        return self.client.post(f"/r/{self.page.review}/answers", data=fields, headers=headers)


def hidden(text: str, name: str) -> str:
    """Return the value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found, text
    return found[1]
