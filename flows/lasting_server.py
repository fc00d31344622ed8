"""The Prefect server that `hubroster up` keeps: loopback, a password, its home under ours (§10)."""

import json
import os
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from flows.settings import Settings

USER = "hubroster"


@dataclass(frozen=True, slots=True)
class LastingServer:
    """Where the server of `up` is, and what opens it. Whoever has that is an operator."""

    url: str
    login: str = field(repr=False)
    pid: int


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
        if _is_alive(server.pid):
            return server
    return None


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
        "DO_NOT_TRACK": "1",
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    }


def _path(settings: Settings) -> Path:
    return settings.home / "up.json"


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
