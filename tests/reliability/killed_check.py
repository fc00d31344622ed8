"""A whole check in a process of its own, which may be killed, run out of disk, or lose its rights.

The world it reads stays in the process of the test. A server that has imported everything forks each check,
so that its start costs a few milliseconds. What befalls it, befalls it at a boundary (tasks/boundaries.py).
"""

import asyncio
import contextlib
import ctypes
import io
import multiprocessing
import os
import resource
import signal
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from deployments.cli.main import app, main
from flows.checking.job import CheckJob, alone, begin
from flows.checking.reading import read_hub
from flows.checking.report import draw_report
from flows.checking.standing import changed_ad_accounts, match_members
from flows.checking.steps import Traffic, conclude, load_facts, read_directory
from flows.checking.summary import needs_an_operator, summary
from flows.settings import load_settings
from tasks import boundaries
from tasks.meta.activities import read_activities
from tasks.meta.client import MetaClient
from tasks.meta.completeness import EdgeRead

CAPABILITIES_3 = 0x20080522  # of <linux/capability.h>
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload([__name__])
OFFICE_NAMES = ("HUBROSTER_CONFIG", "HUBROSTER_CLOCK_S", "TOKEN_agency", "WRITE_agency")


@dataclass(frozen=True, slots=True)
class Fate:
    """What befalls a check at the nth passing of a boundary; before the first one where `at` is empty."""

    at: str = ""
    nth: int = 1
    kill: bool = False
    fill_disk: bool = False  # from there on no byte can be written to any file
    filler: Path | None = None  # a file that grows until its disk is full
    wait_s: float = 0  # it stops there for so long

    def befall(self) -> None:
        """Do it."""
        if self.kill:
            os.kill(os.getpid(), signal.SIGKILL)
        if self.fill_disk:
            _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, most))
        if self.filler:
            _grow(self.filler)
        time.sleep(self.wait_s)


@dataclass(slots=True)
class Ended:
    """A process that is over: its exit code (negative: the signal), what it said, what it passed and told."""

    code: int | None
    said: str = ""
    passed: dict[str, int] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0

    @property
    def line(self) -> str:
        """The one line that it said."""
        assert "Traceback" not in self.said, self.said
        (line,) = self.said.splitlines()
        return line


class Running:
    """A check under way."""

    def __init__(self, env: dict[str, str], fate: Fate | None = None, *, powerless: bool = False) -> None:
        self._ours, theirs = multiprocessing.Pipe(duplex=False)
        self.process = _FORKS.Process(target=_live, args=(theirs, env, fate, powerless))
        self.process.start()
        theirs.close()

    def end(self, *, kill_after_s: float | None = None) -> Ended:
        """Wait for its end; kill it after a time, if it lives that long."""
        if kill_after_s is not None and not self._ours.poll(kill_after_s):
            self.process.kill()
        try:
            ended = Ended(None, **self._ours.recv())
        except EOFError:
            ended = Ended(None)
        self.process.join()
        ended.code = ended.told.pop("exit", None) if self.process.exitcode == 0 else self.process.exitcode
        self._ours.close()
        self.process.close()
        return ended


def move_into(env: dict[str, str]) -> None:
    """Have this environment, and nothing of the test that started the server which forks."""
    for name in OFFICE_NAMES:
        os.environ.pop(name, None)
    os.environ.update(env)


def _live(talk: Connection, env: dict[str, str], fate: Fate | None, powerless: bool) -> None:
    move_into(env)
    passed: Counter[str] = Counter()

    def meet(name: str) -> None:
        passed[name] += 1
        if fate and (name, passed[name]) == (fate.at, fate.nth):
            fate.befall()

    boundaries.on_boundary = meet
    if powerless:
        _give_up_power()
    if fate and not fate.at:
        fate.befall()
    told: dict[str, Any] = {}
    app.command(lambda: _check(told), name="plain-check")
    began, said = time.perf_counter(), io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
        try:
            told["exit"] = main(["plain-check"])
        except BaseException:  # noqa: BLE001, the test shall see it
            told["exit"] = 70
            said.write(traceback.format_exc())
    seconds = time.perf_counter() - began
    talk.send({"said": said.getvalue(), "passed": dict(passed), "told": told, "seconds": seconds})


def _grow(file: Path) -> None:
    with contextlib.suppress(OSError), file.open("wb", buffering=0) as filler:
        while filler.write(b"\0" * 4096):
            pass


def _give_up_power() -> None:
    """Let permissions bind the superuser too, whom they otherwise don't concern."""
    header = (ctypes.c_uint32 * 2)(CAPABILITIES_3, 0)
    if ctypes.CDLL(None, use_errno=True).capset(header, (ctypes.c_uint32 * 6)()) != 0:
        raise OSError(ctypes.get_errno(), "capset")


def _check(told: dict[str, Any]) -> int:
    """Do what flows/check.py does, by the plain functions."""
    asyncio.run(_check_whole(told))
    return int(needs_an_operator(told))


async def _check_whole(told: dict[str, Any]) -> None:
    settings = load_settings()
    async with alone(settings, "agency"):
        told.update(await _check_alone(begin(settings, "agency")))


async def _check_alone(job: CheckJob) -> dict[str, Any]:
    directory = [read_directory(job, source) for source in job.settings.directory]
    edges, traffic = await _read(job)
    loaded = load_facts(job, edges, directory, traffic)
    explained = await _explain(job)
    standing = match_members(job)
    report = draw_report(job, [*edges, *explained], directory, loaded, standing)
    return summary(job, report, *conclude(job, report, standing, explained))


async def _read(job: CheckJob) -> tuple[list[EdgeRead], Traffic]:
    async with MetaClient(job.access(), say=lambda _: None, now=job.settings.now) as client:
        return await read_hub(job, client)


async def _explain(job: CheckJob) -> list[EdgeRead]:
    since, accounts = changed_ad_accounts(job)
    if since is None or not accounts:
        return []
    async with MetaClient(job.access(), say=lambda _: None) as client:
        return [await read_activities(client, job.extraction(), accounts, since)]
