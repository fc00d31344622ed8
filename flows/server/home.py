"""Prefect's surroundings, set before Prefect is imported: its home under ours, its analytics off."""

import os
import shutil
import sys
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from flows.server.lasting import is_up, running_server, surroundings
from flows.server.start import starting_alone
from flows.settings import Settings
from tasks.errors import HubrosterError, PrefectUnreachable

MB = 1 << 20
ROOM = 32 * MB  # for Prefect's database, and what a small hub's check writes
MOST = 128 * MB  # of the database of temporary servers: some 500 checks
DATABASES = ("PREFECT_SERVER_DATABASE_CONNECTION_URL", "PREFECT_API_DATABASE_CONNECTION_URL")


def settle_in(settings: Settings) -> str:
    """Prepare the environment for Prefect and return a sentence on which server will be used.

    A server that PREFECT_API_URL names is used, else that of a running `hubroster up`, and must answer;
    without one Prefect starts a temporary server of its own. Raises PrefectUnreachable.
    """
    if "prefect" in sys.modules:
        raise RuntimeError("Prefect reads its settings on import: settle_in() comes first")
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ.setdefault("PREFECT_HOME", str(settings.home / "prefect"))
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    # Prefect's console is for servers; what an operator should read is said by the command itself.
    os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")
    own = None if os.environ.get("PREFECT_API_URL") else running_server(settings)
    if own:
        os.environ.update(surroundings(settings, own))
    url = os.environ.get("PREFECT_API_URL", "")
    if not url:
        # The first start of a temporary server makes its database, which takes longest on a busy machine.
        os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "120")
        _require_room(settings.home)
        begin_anew_if_large(settings)
        return "Prefect's temporary server"
    shown = without_login(url)
    try:
        httpx.get(f"{url.rstrip('/')}/health", timeout=10, trust_env=False).raise_for_status()
    except httpx.HTTPError as error:
        if own:
            raise PrefectUnreachable(
                f"`hubroster up` (process {own.pid}) runs, but its Prefect server at {shown} doesn't answer "
                f"({type(error).__name__}): it may be starting it again; wait a "
                f"minute, else stop `up`, start it again, and see {settings.home / 'logs'}"
            ) from None
        raise PrefectUnreachable(
            f"the Prefect server at PREFECT_API_URL ({shown}) doesn't answer ({type(error).__name__}); "
            "start it, or unset PREFECT_API_URL to use a temporary one"
        ) from None
    return f"the Prefect server at {shown}" + (" (of `hubroster up`)" if own else "")


def _require_room(home: Path) -> None:
    """Raise HubrosterError where Prefect's server would try for two minutes to start on a full disk."""
    free = shutil.disk_usage(home).free
    if free < ROOM:
        raise HubrosterError(
            f"the disk of {home} is full ({free // MB} MB are free, a check needs {ROOM // MB} or more): "
            "make room, and check again"
        )


def begin_anew_if_large(settings: Settings) -> None:
    """Remove the database of temporary servers when it has grown large: only lasting ones tidy up.

    What it holds nobody can look at without a server, and nothing rests on it: checks are in the warehouse,
    decisions in the ledger, and a lasting server is told of open reviews within the hour.
    """
    home = settings.home / "prefect"
    elsewhere = os.environ["PREFECT_HOME"] != str(home) or any(name in os.environ for name in DATABASES)
    if elsewhere or not _is_large(home / "prefect.db"):
        return
    with starting_alone(home):
        if not is_up(settings) and _is_large(home / "prefect.db"):
            for name in ("prefect.db-wal", "prefect.db-shm", "prefect.db"):
                (home / name).unlink(missing_ok=True)


def _is_large(database: Path) -> bool:
    return database.exists() and database.stat().st_size > MOST


def without_login(url: str) -> str:
    """Return a URL that may be shown."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
