"""The processes of `hubroster up`: started, watched, started again when one dies, and stopped."""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from logging.handlers import RotatingFileHandler
from pathlib import Path

import httpx

from deployments.cli.output import stderr
from tasks.errors import HubrosterError
from tasks.log_lines import line_of

START_S = 180.0
STOP_S = 20.0
LOOK_S = 0.5
MOST_ENDS = 5  # of one part within the window: then something is wrong that starting again doesn't mend
WINDOW_S = 600.0
LONGEST_PAUSE_S = 60.0
LOG_BYTES, LOG_FILES = 10 << 20, 5
_PR_SET_PDEATHSIG = 1  # of <linux/prctl.h>


class UpFailed(HubrosterError):
    """One of the processes of `up` didn't start, or ended again and again."""


@dataclass
class Part:
    """One process: how it is started, and when it ended.

    `alone` is entered for the start, until `answers` does: a URL, "" where nothing has to answer.
    """

    name: str
    arguments: list[str]
    environment: Mapping[str, str]
    answers: str = ""
    alone: Callable[[], AbstractContextManager[None]] = nullcontext
    process: subprocess.Popen[bytes] | None = None
    ended: deque[float] = field(default_factory=deque)
    due: float | None = None  # when it is started again

    @property
    def file(self) -> str:
        """Return the name of its log."""
        return f"{self.name.replace(' ', '-').replace(chr(39), '')}.log"


@dataclass
class Parts:
    """All of them, each its own process group, so that Ctrl-C reaches them through us alone."""

    logs: Path
    form: str  # of the logs: text or json
    all: list[Part] = field(default_factory=list)

    def start(self, part: Part) -> None:
        """Start one for the first time, and wait until it answers. Raises UpFailed."""
        self.all.append(part)
        with part.alone():
            self._launch(part)
            if part.answers:
                self.await_answer(part.answers)

    def await_answer(self, url: str, login: str = "") -> None:
        """Wait until something answers well there; `login` is user:password. Raises UpFailed."""
        deadline = time.monotonic() + START_S
        while not _answers(url, login):
            for part in self.all:
                if part.process and (code := part.process.poll()) is not None:
                    raise UpFailed(f"{part.name} ended at its start ({_how(code)}): see {self.logs}")
            if time.monotonic() > deadline:
                raise UpFailed(f"nothing answers at {url} after {START_S:g} s: see {self.logs}")
            time.sleep(LOOK_S)

    def wait(self) -> None:
        """Stay, and start again what ends; raise UpFailed when one ends too often."""
        while True:
            for part in self.all:
                self._look_after(part)
            time.sleep(LOOK_S)

    def stop(self) -> None:
        """Ask all to stop, the last started first; kill what doesn't."""
        running = [part.process for part in self.all if part.process]
        for process in reversed(running):
            process.terminate()
        deadline = time.monotonic() + STOP_S
        for process in running:
            try:
                process.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)

    def _look_after(self, part: Part) -> None:
        now = time.monotonic()
        if part.due is not None:
            if now >= part.due:
                part.due = None
                self._start_again(part)
        elif part.process and (code := part.process.poll()) is not None:
            part.ended.append(now)
            while now - part.ended[0] > WINDOW_S:
                part.ended.popleft()
            if len(part.ended) > MOST_ENDS:
                raise UpFailed(
                    f"{part.name} ended {len(part.ended)} times within {WINDOW_S / 60:g} minutes "
                    f"(at last: {_how(code)}), so all was stopped: see {self.logs}"
                )
            pause = min(LONGEST_PAUSE_S, 2.0 ** (len(part.ended) - 1))
            part.due = now + pause
            stderr.print(f"{part.name} ended ({_how(code)}): started again in {pause:g} s", markup=False)

    def _start_again(self, part: Part) -> None:
        with part.alone():
            self._launch(part)
            deadline = time.monotonic() + START_S
            while part.answers and part.process and part.process.poll() is None:
                if _answers(part.answers) or time.monotonic() > deadline:
                    break
                time.sleep(LOOK_S)

    def _launch(self, part: Part) -> None:
        part.process = subprocess.Popen(  # noqa: S603, our own program
            [sys.executable, *part.arguments],
            env=dict(part.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        )
        threading.Thread(target=self._keep_log, args=(part, part.process), daemon=True).start()

    def _keep_log(self, part: Part, process: subprocess.Popen[bytes]) -> None:
        """Write what a process says into its log, until it says no more: rotated, 0600, no secrets."""
        self.logs.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler = _PrivateFiles(self.logs / part.file, maxBytes=LOG_BYTES, backupCount=LOG_FILES, delay=True)
        assert process.stdout is not None  # noqa: S101, for the type
        with process.stdout as said:
            for line in said:
                text = line_of(part.name, line.decode("utf-8", "replace"), self.form)
                handler.handle(logging.LogRecord("up", logging.INFO, "", 0, text, None, None))
        handler.close()


class _PrivateFiles(RotatingFileHandler):
    def _open(self):  # type: ignore[no-untyped-def]  # what it returns has no public name
        return os.fdopen(os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # logging calls it so
        """Lose the line: a full disk must not end what goes on without a log."""


def _answers(url: str, login: str = "") -> bool:
    user, _, password = login.partition(":")
    try:
        auth = (user, password) if login else None
        return httpx.get(url, auth=auth, timeout=5, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def _end_with_parent() -> None:
    """Have Linux stop this process when `up` is killed, or it would hold the ports of the next one."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _how(code: int) -> str:
    return f"exit {code}" if code >= 0 else f"signal {-code}"
