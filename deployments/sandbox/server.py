"""Starts the stand-in world: the Graph API, its `/_admin`, a mail server, and the directory as a file."""

import json
import signal
import socket
import sys
import tempfile
from asyncio import BaseTransport, Transport
from pathlib import Path
from threading import Event, Thread
from typing import Any, Self, cast
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from deployments.sandbox.admin import Admin
from deployments.sandbox.build import WorldPlan, build_world
from deployments.sandbox.clock import Clock
from deployments.sandbox.directory_file import write_directory
from deployments.sandbox.faults.schedule import FaultError, read_schedule
from deployments.sandbox.graph.api import Graph
from deployments.sandbox.graph.json_text import from_json
from deployments.sandbox.mailbox import Mailbox
from deployments.sandbox.requestlog import RequestLog
from deployments.sandbox.switches import Switches
from deployments.sandbox.web import App, GraphHttp
from deployments.sandbox.world import World

HOST = "127.0.0.1"  # loopback only: the tokens are for everybody who can read the first line


class AdminError(Exception):
    """`/_admin` refused; the message is its own."""


class Sandbox:
    """The whole stand-in in threads of this process: `with Sandbox(WorldPlan()) as box: box.graph_url`.

    Takes a plan or a world that was made already. Entering raises OSError if the port is taken.
    """

    def __init__(
        self,
        plan: WorldPlan | World | None = None,
        *,
        port: int = 0,
        latency_ms: float = 0,
        faults: list[dict[str, object]] | None = None,
    ) -> None:
        self.world = plan if isinstance(plan, World) else build_world(plan or WorldPlan())
        self.clock = Clock(self.world)
        self.switches = Switches()
        self.log = RequestLog()
        self.graph = Graph(self.world, self.clock, self.switches)
        self.graph.reader.faults = read_schedule(faults or [])
        self.mailbox = Mailbox(self.clock.now)
        admin = Admin(self.graph, self.log, self.mailbox.messages, self._write_directory)
        self._app = GraphHttp(self.graph, self.log, cast(Any, admin.app()), latency_ms)
        self._port = port
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        self._socket = socket.create_server((HOST, self._port), backlog=2048)
        self._folder = tempfile.TemporaryDirectory(prefix="hubroster-sandbox-")
        self.directory_path = Path(self._folder.name) / "directory.csv"
        self._write_directory()
        self.smtp_host, self.smtp_port = self.mailbox.start(HOST, 0)
        self._server = uvicorn.Server(server_config(self._app))
        self._thread = Thread(target=self._server.run, args=([self._socket],), name="sandbox", daemon=True)
        self._thread.start()
        while not self._server.started and self._thread.is_alive():
            self._thread.join(0.005)
        return self

    def __exit__(self, *_: object) -> None:
        self._app.is_ending = True
        self._server.should_exit = True
        self._thread.join()
        self.mailbox.stop()
        if self._folder is not None:
            self._folder.cleanup()

    @property
    def graph_url(self) -> str:
        """Without a version and without a trailing slash."""
        return f"http://{HOST}:{self._socket_port}"

    @property
    def admin_url(self) -> str:
        """Ends in `/_admin`."""
        return f"{self.graph_url}/_admin"

    @property
    def _socket_port(self) -> int:
        port: int = self._socket.getsockname()[1]
        return port

    def admin(self, path: str, body: object = None, method: str | None = None) -> Any:
        """Call `/_admin/{path}` and return what it says: POST with a body ({} will do), GET without."""
        data = None if body is None else json.dumps(body).encode()
        request = Request(  # noqa: S310, our own address
            f"{self.admin_url}/{path}", data, method=method or ("GET" if data is None else "POST")
        )
        try:
            with urlopen(request, timeout=60) as answer:  # noqa: S310, our own address
                return json.load(answer)
        except HTTPError as error:
            raise AdminError(error.read().decode()) from None

    def connection(self) -> dict[str, object]:
        """Return what a client needs: the object of the command's JSON line (design §12)."""
        return {
            "graph_url": self.graph_url,
            "business_id": self.world.business.id,
            "app_id": self.world.app_id,
            "app_secret": self.world.app_secret,
            "access_token": self.world.access_token,
            "write_token": self.world.write_token,
            "directory_path": str(self.directory_path),
            "smtp_host": self.smtp_host,
            "smtp_port": self.smtp_port,
            "admin_url": self.admin_url,
        }

    def _write_directory(self) -> None:
        write_directory(self.world, self.directory_path)


class _Protocol(H11Protocol):
    """uvicorn's own, which also tells the application its connection: faults on the wire need it."""

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(cast(Transport, transport))
        # asyncio leaves Nagle's algorithm on where a socket doesn't name its protocol: 40 ms an answer
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.app_state = {**self.app_state, "transport": transport}


def server_config(app: App) -> uvicorn.Config:
    """Return how an application is served: as Meta does it, as far as a client can see."""
    return uvicorn.Config(
        cast(Any, app),
        http=_Protocol,
        ws="none",
        lifespan="off",
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        date_header=False,  # Meta's clock says it, not ours
        server_header=False,
        timeout_graceful_shutdown=1,
        timeout_keep_alive=60,
        h11_max_incomplete_event_size=1 << 20,  # a multi-get of long URLs
    )


def run_sandbox(
    *,
    port: int = 0,
    seed: int = 1,
    members: int = 40,
    pages: int = 30,
    ad_accounts: int = 25,
    directory: int = 120,
    hidden_emails: float = 0.2,
    latency_ms: float = 0,
    faults: Path | None = None,
    json_line: bool = False,
) -> int:
    """Print a line when ready, run until SIGTERM or SIGINT, return 0; return 1 for a bad port or schedule."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    plan = WorldPlan(
        seed=seed,
        members=members,
        pages=pages,
        ad_accounts=ad_accounts,
        directory=directory,
        hidden_emails=hidden_emails,
    )
    try:
        with Sandbox(plan, port=port, latency_ms=latency_ms, faults=_entries(faults)) as box:
            _announce(box, json_line)
            stop.wait()
    except (FaultError, OSError, ValueError) as error:
        sys.stderr.write(f"sandbox: {error}\n")
        if json_line:
            told = {"error": str(error), "kind": type(error).__name__, "exit": 1}
            sys.stdout.write(json.dumps(told) + "\n")
        return 1
    return 0


def _entries(faults: Path | None) -> Any:
    """Return what the file of `--faults` holds; raise FaultError, with its name, if that is no JSON."""
    try:
        return from_json(faults.read_bytes()) if faults else []
    except ValueError as error:
        raise FaultError(f"{faults} is not JSON: {error}") from error


def _announce(box: Sandbox, json_line: bool) -> None:
    facts = box.connection()
    if json_line:
        sys.stdout.write(json.dumps(facts) + "\n")
        sys.stdout.flush()
        return
    users = sum(not user.is_system for user in box.world.users.values())
    head = f"{box.world.business.name}: {users} members, stands at {box.graph_url} until Ctrl-C"
    sys.stdout.write("\n".join([head, *(f"  {name:<15} {value}" for name, value in facts.items()), ""]))
    sys.stdout.flush()
