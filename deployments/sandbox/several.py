"""Several businesses at one address, as at Meta: the token says which of them is asked."""

import socket
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random
from threading import Thread
from typing import Any, Self, cast

import uvicorn

from deployments.sandbox.build import WorldPlan, build_world
from deployments.sandbox.clock import Clock
from deployments.sandbox.directory_file import write_directory
from deployments.sandbox.graph.api import Graph
from deployments.sandbox.graph.auth import token_in_header
from deployments.sandbox.people import generate_people
from deployments.sandbox.requestlog import RequestLog
from deployments.sandbox.server import HOST, server_config
from deployments.sandbox.switches import Switches
from deployments.sandbox.web import App, GraphHttp, Message, Receive, Send
from deployments.sandbox.world import World


class SeveralBusinesses:
    """The Graph API of several worlds in a thread of this process; there is no `/_admin` and no mail."""

    def __init__(self, plans: Iterable[WorldPlan], latency_ms: float = 0) -> None:
        self.worlds = [build_world(plan) for plan in plans]
        self._first, *_ = apps = [_app(world, latency_ms) for world in self.worlds]
        self._by_token = {
            token: app for world, app in zip(self.worlds, apps, strict=True) for token in world.tokens
        }

    def __enter__(self) -> Self:
        self._socket = socket.create_server((HOST, 0), backlog=2048)
        self._server = uvicorn.Server(server_config(self))
        self._thread = Thread(target=self._server.run, args=([self._socket],), name="several", daemon=True)
        self._thread.start()
        while not self._server.started and self._thread.is_alive():
            self._thread.join(0.005)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()

    @property
    def graph_url(self) -> str:
        """Without a version and without a trailing slash."""
        return f"http://{HOST}:{self._socket.getsockname()[1]}"

    def write_directory(self, path: Path, least: int = 0) -> int:
        """Write one directory for all of them, of at least so many people; return how many there are."""
        people = one_directory(self.worlds)
        taken = {str(one["primary_email"]).partition("@")[0] for one in people}
        more = generate_people(Random(0), max(0, least - len(people)), taken=taken)  # noqa: S311, no secret
        first = self.worlds[0]
        first.directory = [*people, *({**one.row(), "person_id": f"more-{one.person_id}"} for one in more)]
        write_directory(first, path)
        return len(first.directory)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Let the business whose token it is answer; the first one, where it is nobody's."""
        headers = dict(scope["headers"])
        token = token_in_header(headers.get(b"authorization", b"").decode("latin-1"))
        await self._by_token.get(token or "", self._first)(scope, receive, send)


def _app(world: World, latency_ms: float) -> App:
    return GraphHttp(Graph(world, Clock(world), Switches()), RequestLog(), _nobody, latency_ms)


async def _nobody(scope: Message, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def one_directory(worlds: Sequence[World]) -> list[dict[str, Any]]:
    """Return the people of all worlds, each address once; whose id another has gets one of his own."""
    people: list[dict[str, Any]] = []
    addresses: set[object] = set()
    ids: set[object] = set()
    for number, world in enumerate(worlds):
        for row in world.directory:
            mine = {row["primary_email"], row["user_name"], *cast(Iterable[object], row["aliases"] or ())}
            if mine & addresses:
                continue
            addresses |= mine
            person = dict(row)
            if person["person_id"] in ids:
                person |= {"person_id": f"{number}-{person['person_id']}", "manager_id": None}
            ids.add(person["person_id"])
            people.append(person)
    return people
