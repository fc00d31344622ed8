"""`hubroster up`: Prefect's server, the flows and the page, until SIGTERM or Ctrl-C."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from deployments.cli.output import stderr
from deployments.page.guard import listening_port
from flows.lasting_server import announce, new_server, running_server, surroundings, withdraw
from flows.settings import Settings, load_settings
from tasks.errors import HubrosterError, InputError

START_S = 180.0
STOP_S = 20.0
LOOK_S = 0.5
_PR_SET_PDEATHSIG = 1  # of <linux/prctl.h>


class UpFailed(HubrosterError):
    """One of the processes of `up` didn't start, or ended by itself."""


def up(*, port: int = 4200) -> int:
    """Run everything: the daily checks, the reviews, what was approved, and the page, until you stop it.

    Starts Prefect's server on this machine only, with a password, unless PREFECT_API_URL names another.

    Parameters
    ----------
    port
        Of Prefect's own page and API.
    """
    settings = load_settings()
    if running_server(settings):
        raise InputError(f"`hubroster up` runs already for {settings.home}: stop that one first")
    parts = _Parts(settings)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        _start_all(parts, settings, port, listening_port(settings.page.url))
        parts.wait()
    except KeyboardInterrupt:
        stderr.print("Stopping ...")
    finally:
        withdraw(settings)
        parts.stop()
    return 0


def _start_all(parts: "_Parts", settings: Settings, port: int, page_port: int) -> None:
    environment = dict(os.environ)
    _require_free(page_port, "[page] url")
    if not os.environ.get("PREFECT_API_URL"):
        _require_free(port, "--port")
        server = new_server(settings, port)
        environment |= surroundings(settings, server)
        command = ["-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
        parts.start("Prefect's server", command, environment)
        parts.await_health(f"{server.url}/health")
        announce(settings, server)
        stderr.print(
            f"Prefect: http://127.0.0.1:{port} (login and password in {settings.home}/up.json)", markup=False
        )
    parts.start("the flows", ["-m", "deployments.serving"], environment)
    parts.start("the page", ["-m", "deployments.page"], environment)
    # An answer that comes before the flows are known to the server would wait for the hour.
    login = environment.get("PREFECT_API_AUTH_STRING", "")
    parts.await_health(f"{environment['PREFECT_API_URL']}/deployments/name/reconcile/hourly", login)
    parts.await_health(f"http://127.0.0.1:{page_port}/healthz")
    stderr.print(f"The page for Owners: {settings.page.url}", markup=False)
    stderr.print("Running; Ctrl-C or SIGTERM stops everything.")


def _end_with_parent() -> None:
    """Have Linux stop this process when `up` is killed, or it would hold the ports of the next one."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _require_free(port: int, name: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise InputError(
                f"port {port} is taken ({error.strerror}): choose another with {name}"
            ) from error


@dataclass
class _Parts:
    """The processes of `up`, each its own group, so that Ctrl-C reaches them through us alone."""

    settings: Settings
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, arguments: list[str], environment: Mapping[str, str]) -> None:
        log = self.settings.home / "logs"
        log.mkdir(mode=0o700, exist_ok=True)
        path = log / f"{name.replace(' ', '-').replace(chr(39), '')}.log"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as file:
            self.running[name] = subprocess.Popen(  # noqa: S603, our own program
                [sys.executable, *arguments],
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                start_new_session=True,
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,
            )

    def await_health(self, url: str, login: str = "") -> None:
        """Wait until something answers well there; `login` is user:password."""
        user, _, password = login.partition(":")
        deadline = time.monotonic() + START_S
        while True:
            self._require_alive()
            try:
                auth = (user, password) if login else None
                httpx.get(url, auth=auth, timeout=5, trust_env=False).raise_for_status()
            except httpx.HTTPError as error:
                if time.monotonic() > deadline:
                    raise UpFailed(
                        f"nothing answers at {url} after {START_S:g} s: see {self._logs}"
                    ) from error
                time.sleep(LOOK_S)
            else:
                return

    def wait(self) -> None:
        """Stay until one of them ends, which is an error."""
        while True:
            self._require_alive()
            time.sleep(LOOK_S)

    def stop(self) -> None:
        """Ask all to stop, the last started first; kill what doesn't."""
        for process in reversed(self.running.values()):
            process.terminate()
        deadline = time.monotonic() + STOP_S
        for process in self.running.values():
            try:
                process.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)

    @property
    def _logs(self) -> str:
        return str(self.settings.home / "logs")

    def _require_alive(self) -> None:
        for name, process in self.running.items():
            if (code := process.poll()) is not None:
                raise UpFailed(f"{name} ended by itself (exit {code}), so all was stopped: see {self._logs}")
