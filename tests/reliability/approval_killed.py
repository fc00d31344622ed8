"""What follows a yes, in a process of its own that may be killed: applying, answering, mailing, the page.

The stand-ins for Meta and for the mail server stay in the process of the test: what they took is the witness.
"""

import asyncio
import multiprocessing
import os
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

import httpx

from deployments.page.__main__ import main as serve_page
from flows.answers.by_codes import answer_by_codes
from flows.apply import apply_approved
from flows.mails.notify import notify
from flows.reconcile import reconcile
from flows.settings import load_settings
from tasks import boundaries
from tests.reliability.approval_scene import LABEL, Approving
from tests.reliability.killed_check import OFFICE_NAMES, Fate, move_into

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload([__name__, "tests.reliability.killed_check"])
KILLED = -9


def _answer(code: str) -> None:
    answer_by_codes(load_settings(), [code], via="command line")


DEEDS: dict[str, Callable[..., object]] = {
    "apply": lambda: asyncio.run(apply_approved(load_settings(), LABEL)),
    "answer": _answer,
    "notify": lambda: notify(load_settings(), LABEL),
    "reconcile": lambda: asyncio.run(reconcile(load_settings(), LABEL)),
    "page": serve_page,
}


class Doing:
    """One deed under way in a process of its own."""

    def __init__(self, deed: str, *words: str, at: str = "", nth: int = 1) -> None:
        self._ours, theirs = multiprocessing.Pipe(duplex=False)
        env = {name: os.environ[name] for name in OFFICE_NAMES if name in os.environ}
        fate = Fate(at, nth, kill=True) if at else None
        self.process = _FORKS.Process(target=_live, args=(theirs, env, deed, words, fate))
        self.process.start()
        theirs.close()

    def end(self) -> tuple[int | None, dict[str, int]]:
        """Wait for its end; return its exit code (negative: the signal) and how often it passed what."""
        try:
            passed = self._ours.recv()
        except EOFError:
            passed = {}
        self.process.join()
        return self.process.exitcode, passed


def killed(deed: str, *words: str, at: str, nth: int = 1) -> None:
    """Do a deed until it is killed at this boundary."""
    code, passed = Doing(deed, *words, at=at, nth=nth).end()
    assert code == KILLED, f"{at} is not passed so often: {passed}"


@contextmanager
def page(hub: Approving, *, at: str = "", nth: int = 1) -> Iterator[httpx.Client]:
    """Serve the page as `python -m deployments.page` does; yield a browser that is at it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    text = hub.ws.config.read_text().partition("[page]")[0]
    hub.ws.config.write_text(f'{text}[page]\nurl = "{url}"\n')
    served = Doing("page", at=at, nth=nth)
    try:
        with httpx.Client(base_url=url, headers={"Origin": url}, follow_redirects=True) as browser:
            _await(browser)
            yield browser
    finally:
        served.process.terminate()
        served.process.join()


def _await(browser: httpx.Client) -> None:
    for _ in range(600):
        try:
            browser.get("/livez")
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the page didn't start")


def _live(
    talk: Connection, env: dict[str, str], deed: str, words: tuple[str, ...], fate: Fate | None
) -> None:
    move_into(env)
    passed: Counter[str] = Counter()

    def meet(name: str) -> None:
        passed[name] += 1
        if fate and (name, passed[name]) == (fate.at, fate.nth):
            fate.befall()

    boundaries.on_boundary = meet
    DEEDS[deed](*words)
    talk.send(dict(passed))
