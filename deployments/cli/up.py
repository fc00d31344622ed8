"""`hubroster up`: Prefect's server, the flows and the page, until SIGTERM or Ctrl-C."""

import os
import pwd
import signal
import socket
from functools import partial
from pathlib import Path

import httpx

from deployments.cli.output import stderr, stdout
from deployments.cli.parts import Part, Parts
from deployments.cli.systemd_unit import unit
from deployments.page.guard import listening_port
from flows.server.home import without_login
from flows.server.lasting import announce, new_server, only_up, surroundings, withdraw
from flows.server.own_log import log_folder, log_form
from flows.server.start import starting_alone
from flows.settings import Settings, load_settings
from tasks.errors import InputError, PrefectUnreachable
from tasks.log_lines import LOG


def up(*, port: int = 4200, systemd: bool = False) -> int:
    """Run everything: the daily checks, the reviews, what was approved, and the page, until you stop it.

    Starts Prefect's server on this machine only, with a password, unless PREFECT_API_URL names another.
    A process of its that dies is started again; one that dies six times within ten minutes ends all.

    Parameters
    ----------
    port
        Of Prefect's own page and API.
    systemd
        Start nothing: print a unit that lets systemd do so, after every boot.
    """
    settings = load_settings()
    if systemd:
        stdout.print(unit(settings, port), markup=False, soft_wrap=True, end="")
        return 0
    _require_own(settings.home)
    with only_up(settings):
        signal.signal(signal.SIGTERM, _interrupt)
        parts = Parts(log_folder(settings), log_form(settings))
        try:
            _start_all(parts, settings, port)
            parts.wait()
        except KeyboardInterrupt:
            stderr.print("Stopping ...")
        finally:
            withdraw(settings)
            parts.stop()
    return 0


def _start_all(parts: Parts, settings: Settings, port: int) -> None:
    page_port = listening_port(settings.page.url)
    environment = os.environ | {LOG: log_form(settings)}
    _require_free(page_port, "[page] url")
    if not os.environ.get("PREFECT_API_URL"):
        _require_free(port, "--port")
        server = new_server(settings, port)
        environment |= surroundings(settings, server)
        command = ["-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
        alone = partial(starting_alone, Path(environment["PREFECT_HOME"]))
        parts.start(Part("Prefect's server", command, environment, f"{server.url}/health", alone))
        announce(settings, server)
        stderr.print(
            f"Prefect: http://127.0.0.1:{port} (login and password in {settings.home}/up.json)",
            markup=False,
            soft_wrap=True,
        )
    else:
        _require_answer(environment["PREFECT_API_URL"])
    parts.start(Part("the flows", ["-m", "deployments.serving"], environment))
    parts.start(Part("the page", ["-m", "deployments.page"], environment))
    # An answer that comes before the flows are known to the server would wait for the hour.
    login = environment.get("PREFECT_API_AUTH_STRING", "")
    parts.await_answer(f"{environment['PREFECT_API_URL']}/deployments/name/reconcile/hourly", login)
    parts.await_answer(f"http://127.0.0.1:{page_port}/livez")
    stderr.print(f"The page for Owners: {settings.page.url}", markup=False)
    stderr.print("Running; Ctrl-C or SIGTERM stops everything.")


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _require_own(home: Path) -> None:
    """Raise InputError for a home of somebody else: what either writes the other may not read."""
    if home.exists() and (owner := home.stat().st_uid) != os.geteuid():
        try:
            name = pwd.getpwuid(owner).pw_name
        except KeyError:
            name = str(owner)
        raise InputError(f"{home} belongs to {name}: run `up` as {name}, or name another HUBROSTER_HOME")


def _require_answer(url: str) -> None:
    try:
        httpx.get(f"{url.rstrip('/')}/health", timeout=10, trust_env=False).raise_for_status()
    except httpx.HTTPError as error:
        raise PrefectUnreachable(
            f"the Prefect server at PREFECT_API_URL ({without_login(url)}) doesn't answer "
            f"({type(error).__name__}): start it, or unset PREFECT_API_URL to have one of our own"
        ) from None


def _require_free(port: int, name: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise InputError(
                f"port {port} is taken ({error.strerror}): choose another with {name}"
            ) from error
