"""A workspace with Owners, its `hubroster up`, their mailboxes, and what a browser does on the page."""

import json
import re
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.e2e.processes import CONFIG, HUBROSTER, Office, World, surroundings

PATIENCE = 3  # times that a person would type a code
PAGE_CODE = re.compile(r"Type this code there:\s+(\w{10})")
LOGIN_CODE = re.compile(r"Your code:\s+(\w{10})")
MORE = """\
write_token = "env:AGENCY_WRITE"
owners = {owners}
[policy]
hold_min = 0
[mail]
host = "{smtp_host}"
port = {smtp_port}
[page]
url = "http://127.0.0.1:{page_port}"
[meta]
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_up(folder: Path, env: Mapping[str, str] = {}) -> Iterator[subprocess.Popen[str]]:
    """Run `hubroster up` in a workspace until the end of the block."""
    with subprocess.Popen(
        [HUBROSTER, "up", "--port", str(free_port())],
        cwd=folder,
        env=surroundings(env),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stderr is not None
            said = ""
            while "Running" not in said:
                line = process.stderr.readline()
                assert line, f"`up` ended: {said}"
                said += line
            yield process
        finally:
            process.terminate()
            process.communicate(timeout=60)


@dataclass(frozen=True, slots=True)
class OwnersOffice(Office):
    """An office whose hub has Owners; `owners` are their addresses."""

    world: World
    owners: tuple[str, ...]
    page_url: str

    def mails(self, to: str) -> list[dict[str, Any]]:
        """Return the mails to somebody, oldest first."""
        return [mail for mail in self.world.admin("mails")["mails"] if to in mail["to"]]

    def code(self, to: str, pattern: re.Pattern[str]) -> str:
        """Return the newest code of a kind in somebody's mailbox."""
        found = self.codes(to, pattern)
        assert found, [mail["subject"] for mail in self.mails(to)]
        return found[-1]

    def codes(self, to: str, pattern: re.Pattern[str]) -> list[str]:
        """Return all codes of a kind in somebody's mailbox, oldest first."""
        return [match[1] for mail in self.mails(to) if (match := pattern.search(mail["text"] or ""))]

    def users(self) -> set[str]:
        """Return the members whom Meta has now."""
        return set(self.world.state()["users"])

    @contextmanager
    def up(self) -> Iterator[subprocess.Popen[str]]:
        """Run `hubroster up` until the end of the block."""
        with running_up(self.folder, self.env) as process:
            yield process

    def answers_on_the_page(self, owner: str, review: str) -> str:
        """Open the page as an Owner, take all that is recommended, confirm; return the receipt's text."""
        with httpx.Client(
            base_url=self.page_url, headers={"origin": self.page_url}, trust_env=False, timeout=60
        ) as browser:
            code = self.code(owner, PAGE_CODE)
            for _ in range(PATIENCE):
                done = browser.post(f"/r/{review}", data={"code": code})
                if done.status_code != 503:  # else somebody holds the ledger: the page asks to try again
                    break
            assert done.status_code == 303, done.text
            shown = browser.get(f"/r/{review}/answers")
            form = _hidden(shown.text, "form")
            asked = browser.post(f"/r/{review}/answers", data={"form": form, "all": "recommended"})
            sure = {name: _hidden(asked.text, name) for name in ("form", "all", "sure")}
            return browser.post(f"/r/{review}/answers", data=sure | {"comment": "left the company"}).text


def _hidden(text: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found, text
    return found[1]


def owners_office(folder: Path, world: World) -> OwnersOffice:
    """Make a workspace whose Owners are those of the world's stories."""
    state = world.state()
    of_world = set(state["stories"]["owners"]["person_ids"])
    owners = [p["primary_email"] for p in state["directory"] if p["person_id"] in of_world]
    page_port = free_port()
    more = MORE.format(**world.facts, owners=json.dumps(owners), page_port=page_port)
    text = CONFIG.replace("sandbox = true\n[meta]\n", "sandbox = true\n{more}")
    (folder / "hubroster.toml").write_text(text.format(**world.facts, more=more), encoding="utf-8")
    facts = world.facts
    env = {
        "AGENCY_TOKEN": facts["access_token"],
        "AGENCY_SECRET": facts["app_secret"],
        "AGENCY_WRITE": facts["write_token"],
    }
    return OwnersOffice(folder, env, world, tuple(owners), f"http://127.0.0.1:{page_port}")


def wait_until(holds: Callable[[], bool], what: str, timeout_s: float = 120) -> None:
    """Look twice a second until something holds; fail with words for what did not."""
    deadline = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < deadline, f"not within {timeout_s:g} s: {what}"
        time.sleep(0.5)
