"""HTTP around the Graph API: a plain ASGI application that reads requests, waits, and sends answers."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import timedelta
from email.utils import format_datetime
from typing import Any, cast

from deployments.sandbox.faults.schedule import Fault
from deployments.sandbox.faults.wire import Headers, spoil, spoiled_status
from deployments.sandbox.graph.api import Graph
from deployments.sandbox.graph.auth import token_in_header
from deployments.sandbox.graph.batch import answer_batch, is_batch
from deployments.sandbox.graph.call import Answer, Call, Exchange, meant_method, parameters
from deployments.sandbox.graph.json_text import to_json
from deployments.sandbox.requestlog import RequestLog, Row

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

_POLL_S = 0.05


class GraphHttp:
    """The sandbox's ASGI application: the Graph API, and `/_admin` beside it."""

    def __init__(self, graph: Graph, log: RequestLog, admin: App, latency_ms: float) -> None:
        self.graph, self.log, self.latency_s = graph, log, latency_ms / 1000
        self.is_ending = False
        self._admin = admin

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request. Waiting is asyncio's, so requests under way at once wait side by side."""
        if scope["path"].startswith("/_admin"):
            await self._admin(scope, receive, send)
            return
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        call = _call(scope, headers, await _body(receive))
        row = self.log.arrived(scope["method"], scope["path"], call.edge_name())
        if self.graph.is_limited():
            row["limited"] = True  # by Meta's clock: it was told to wait, and didn't
        answer = answer_batch(self.graph, call) if is_batch(call) else self.graph.answer(call)
        row["items"] = call.exchange.items
        await self._wait(call.exchange)
        if call.exchange.spoiled is None:
            row["status"] = answer.status  # before it is sent: whoever has the answer finds it in the log
            await self._send(answer, 0, send)
        else:
            await self._send_spoiled(call.exchange.spoiled, answer, row, scope, receive, send)

    async def _wait(self, exchange: Exchange) -> None:
        if self.latency_s > 0:  # design §12: L a request, 1 ms for each batch item and expanded node
            await asyncio.sleep(self.latency_s + exchange.parts / 1000)
        if exchange.delay_s > 0:
            await self._until(lambda: False, exchange.delay_s)

    async def _send(self, answer: Answer, off_s: float, send: Send) -> None:
        body = to_json(answer.body)
        headers = self._headers(answer, off_s)
        headers.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _send_spoiled(
        self, fault: Fault, answer: Answer, row: Row, scope: Message, receive: Receive, send: Send
    ) -> None:
        if fault.fault == "wrong_date":
            row["status"] = answer.status
            await self._send(answer, fault.seconds, send)
            return
        transport = cast(asyncio.Transport, scope["state"]["transport"])
        if fault.fault == "hang":  # silence until the client gives up, or the sandbox ends
            await self._until(transport.is_closing, None)
            transport.close()
        else:
            row["status"] = spoiled_status(fault, answer.status)
            spoil(fault, transport, answer.status, self._headers(answer, 0), to_json(answer.body))
        while (await receive())["type"] != "http.disconnect":
            pass

    def _headers(self, answer: Answer, off_s: float) -> Headers:
        now = self.graph.clock.now() + timedelta(seconds=off_s)
        pairs = [*answer.headers, ("date", format_datetime(now, usegmt=True))]
        return [(name.encode(), value.encode("latin-1", "replace")) for name, value in pairs]

    async def _until(self, done: Callable[[], bool], seconds: float | None) -> None:
        """Wait until something holds or the time is over; the sandbox's end ends it too."""
        loop = asyncio.get_running_loop()
        end = None if seconds is None else loop.time() + seconds
        while not (done() or self.is_ending or (end is not None and loop.time() >= end)):
            await asyncio.sleep(_POLL_S if end is None else min(_POLL_S, max(end - loop.time(), 0)))


def _call(scope: Message, headers: dict[bytes, str], body: bytes) -> Call:
    params = parameters(scope["query_string"], body, headers.get(b"content-type", ""))
    token = token_in_header(headers.get(b"authorization"))
    if token is not None:
        params.setdefault("access_token", token)
    host = headers.get(b"host", "127.0.0.1")
    # §9.8: double and trailing slashes say nothing
    path = [part for part in scope["path"].split("/") if part]
    method = meant_method(scope["method"], params)
    return Call(method, path, None, params, Exchange(f"http://{host}"))


async def _body(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)
