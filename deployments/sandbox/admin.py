"""`/_admin` (design §12): what is done by hand at Meta, the schedule, the clock, the world to look at."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deployments.sandbox import by_hand
from deployments.sandbox.clock import Clock
from deployments.sandbox.faults.schedule import FaultError, read_schedule
from deployments.sandbox.graph.api import Graph
from deployments.sandbox.graph.json_text import from_json, to_json
from deployments.sandbox.requestlog import RequestLog
from deployments.sandbox.switches import SwitchError
from deployments.sandbox.world import WorldError

Mails = Callable[[], list[dict[str, Any]]]
Handler = Callable[[Request], Awaitable[Response]]


class BadRequest(ValueError):
    """The body isn't what this path takes."""


class Admin:
    """The paths below `/_admin`. `rewrite_directory` follows every change of the directory or the clock."""

    def __init__(
        self, graph: Graph, log: RequestLog, mails: Mails, rewrite_directory: Callable[[], None]
    ) -> None:
        self.graph, self.log, self.mails, self.rewrite_directory = graph, log, mails, rewrite_directory

    def app(self) -> Starlette:
        """Return the ASGI application."""
        paths: dict[tuple[str, str], Callable[[dict[str, str], Any], Any]] = {
            ("GET", "state"): lambda _path, _body: self.state(),
            ("GET", "requests"): lambda _path, _body: {"requests": self.log.rows},
            ("DELETE", "requests"): lambda _path, _body: self.log.rows.clear(),
            ("GET", "mails"): lambda _path, _body: {"mails": self.mails()},
            ("GET", "faults"): lambda _path, _body: {
                "faults": [asdict(one) for one in self.graph.reader.faults]
            },
            ("POST", "faults"): lambda _path, body: self.set_faults(body),
            ("GET", "switches"): lambda _path, _body: self.graph.switches.values(),
            ("POST", "switches"): lambda _path, body: self.set_switches(body),
            ("POST", "clock"): lambda _path, body: self.set_clock(body),
            ("POST", "directory/{person_id:path}"): self.change_person,
        }
        for name, act in by_hand.ACTIONS.items():
            paths["POST", name] = self._in_world(act)
        routes = [
            Route(f"/_admin/{path}", self._handler(act), methods=[method])
            for (method, path), act in paths.items()
        ]
        return Starlette(routes=routes)

    def state(self) -> dict[str, object]:
        """Return the whole world, the answer key and the stories included; of tokens all but the token."""
        clock: Clock = self.graph.clock
        clock.bring_world_up()
        world = self.graph.world
        found = {name: value for name, value in vars(world).items() if name not in _NOT_IN_STATE}
        tokens = [
            {name: value for name, value in asdict(one).items() if name != "token"}
            for one in world.tokens.values()
        ]
        return {**found, "tokens": tokens, "switches": self.graph.switches.values()}

    def set_faults(self, body: object) -> dict[str, int]:
        """Replace the schedule."""
        self.graph.reader.faults = read_schedule(body)
        self.graph.limited_until = None  # a limit ends with the schedule that it came from
        return {"faults": len(self.graph.reader.faults)}

    def set_switches(self, body: object) -> dict[str, object]:
        """Change switches, and return all of them."""
        self.graph.switches.set(body)
        return self.graph.switches.values()

    def set_clock(self, body: object) -> dict[str, str]:
        """Move Meta's clock; the directory file is dated to it."""
        text = body.get("now") if isinstance(body, dict) else None
        if not isinstance(text, str):
            raise BadRequest("now is missing: an ISO 8601 time")
        try:
            now = datetime.fromisoformat(text)
        except ValueError:
            raise BadRequest(f"now is no ISO 8601 time: {text}") from None
        self.graph.clock.set(now if now.tzinfo else now.replace(tzinfo=UTC))
        self.rewrite_directory()
        return {"now": self.graph.clock.now().isoformat()}

    def change_person(self, path: dict[str, str], body: object) -> dict[str, object]:
        """Change columns of one person in the directory, and write the file again."""
        if not isinstance(body, dict):
            raise BadRequest("the body must be an object {column: value}")
        row = by_hand.change_person(self.graph.world, path["person_id"], body)
        self.graph.clock.bring_world_up()
        self.rewrite_directory()
        return row

    def _in_world(self, act: by_hand.Action) -> Callable[[dict[str, str], Any], Any]:
        def run(path: dict[str, str], body: Any) -> Any:
            if not isinstance(body, dict):
                raise BadRequest("the body must be an object")
            self.graph.clock.bring_world_up()
            return act(self.graph.world, {**body, **path})

        return run

    def _handler(self, act: Callable[[dict[str, str], Any], Any]) -> Handler:
        async def handle(request: Request) -> Response:
            raw = await request.body()
            try:
                body = from_json(raw) if raw.strip() else {}
            except ValueError:
                return _json({"error": "the body is no JSON"}, 400)
            try:
                said = act(dict(request.path_params), body)
            except by_hand.Unknown as error:
                return _json({"error": str(error)}, 404)
            except (BadRequest, FaultError, SwitchError, WorldError) as error:
                return _json({"error": str(error)}, 400)
            return _json(said if said is not None else {"ok": True}, 200)

        return handle


_NOT_IN_STATE = frozenset({"tokens", "access_token", "write_token", "app_secret"})


def _json(value: object, status: int) -> Response:
    return Response(to_json(value), status, media_type="application/json")
