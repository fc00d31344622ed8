"""The Prefect server that `hubroster up` keeps: loopback, a password, its home under ours (§10)."""

import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from flows.settings import Settings
from tasks.errors import InputError
from tasks.home_files import taken

USER = "hubroster"


@dataclass(frozen=True, slots=True)
class LastingServer:
    """Where the server of `up` is, and what opens it. Whoever has that is an operator."""

    url: str
    login: str = field(repr=False)
    pid: int


@contextmanager
def only_up(settings: Settings) -> Iterator[None]:
    """Be the one `up` of this home until the end of the block. Raises InputError where another one is.

    A lock, not a process's number: after a kill or a reboot that number may be another program's.
    """
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(_lock(settings), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        deadline = time.monotonic() + 2  # who looks whether we run holds it for a moment
        while not taken(lock):
            if time.monotonic() > deadline:
                raise InputError(f"`hubroster up` runs already for {settings.home}: stop that one first")
            time.sleep(0.1)
        withdraw(settings)  # of one that was killed
        yield
    finally:
        os.close(lock)


def new_server(settings: Settings, port: int) -> LastingServer:
    """Return the server to start, with a new password each time."""
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    return LastingServer(f"http://127.0.0.1:{port}/api", f"{USER}:{secrets.token_urlsafe(24)}", os.getpid())


def announce(settings: Settings, server: LastingServer) -> None:
    """Tell the other commands of this home that the server runs."""
    path = _path(settings)
    aside = path.with_suffix(".new")
    aside.unlink(missing_ok=True)
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(server), file)
    aside.replace(path)


def withdraw(settings: Settings) -> None:
    """Take the announcement back."""
    _path(settings).unlink(missing_ok=True)


def running_server(settings: Settings) -> LastingServer | None:
    """Return the server of an `up` that runs for this home on this machine, or None."""
    with suppress(FileNotFoundError, ValueError, TypeError):
        server = LastingServer(**json.loads(_path(settings).read_text()))
        if is_up(settings):
            return server
    return None


def is_up(settings: Settings) -> bool:
    """Say whether an `up` of this home runs on this machine, or is starting or stopping."""
    try:
        lock = os.open(_lock(settings), os.O_RDONLY)
    except FileNotFoundError:  # none ever ran
        return False
    try:
        return not taken(lock, fcntl.LOCK_SH)
    finally:
        os.close(lock)


def surroundings(settings: Settings, server: LastingServer) -> dict[str, str]:
    """Return the environment in which Prefect finds the server and is let in, and keeps to itself."""
    return {
        "PREFECT_HOME": str(settings.home / "prefect"),
        "PREFECT_API_URL": server.url,
        "PREFECT_API_AUTH_STRING": server.login,
        "PREFECT_SERVER_API_AUTH_STRING": server.login,
        "PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED": "true",
        "PREFECT_CLIENT_CSRF_SUPPORT_ENABLED": "true",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        # Ended runs go after 90 days, Prefect's default, which it only keeps to when told so
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "DO_NOT_TRACK": "1",
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    }


def _path(settings: Settings) -> Path:
    return settings.home / "up.json"


def _lock(settings: Settings) -> Path:
    return settings.home / ".up.lock"
