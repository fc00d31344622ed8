"""What every request to the page passes first, and what every answer carries: it trusts nobody's browser."""

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from deployments.page.door import network_of

MOST_BYTES = 64 * 1024  # of a form: 50 answers and a comment
POSTS_PER_MINUTE = 60  # of one network
BODY_S = 20.0  # for a form to arrive
MOST_NETWORKS = 10_000  # remembered; the oldest are forgotten
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: with it browsers send "Origin: null" with our own forms, and they would be refused
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


@dataclass
class Rate:
    """How many requests each network made in the running minute; bounded memory."""

    most: int = POSTS_PER_MINUTE
    seen: OrderedDict[str, tuple[float, int]] = field(default_factory=OrderedDict)

    def allows(self, network: str) -> bool:
        """Count a request, and say whether it is within the limit."""
        now = time.monotonic()
        began, count = self.seen.pop(network, (now, 0))
        if now - began >= 60:
            began, count = now, 0
        self.seen[network] = (began, count + 1)
        while len(self.seen) > MOST_NETWORKS:
            self.seen.popitem(last=False)
        return count < self.most


class Guard:
    """ASGI middleware: host, origin, size, rate; and the security headers.

    A POST needs an Origin that is the page's own, or a browser's word that it comes from the same site: this
    and the token in each form keep other sites from answering in an Owner's name.
    """

    def __init__(self, app: ASGIApp, page_url: str) -> None:
        parts = urlsplit(page_url.lower())
        self.app, self.rate = app, Rate()
        default = {"http": 80, "https": 443}.get(parts.scheme)  # which browsers leave away
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
        outside = host if parts.port in (None, default) else f"{host}:{parts.port}"
        self.origin = f"{parts.scheme}://{outside}"
        self.local = {f"{name}:{listening_port(page_url)}" for name in ("127.0.0.1", "localhost")}
        self.hosts = {outside, *self.local}  # a proxy may ask by its own name for us
        self.secure = parts.scheme == "https"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what is not to be trusted, and pass the rest on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                if self.secure:
                    headers["Strict-Transport-Security"] = "max-age=31536000"
            await send(message)

        status, reason = self._refusal(scope)
        if status:
            await _said(status, reason)(scope, receive, send_guarded)
            return
        await self.app(scope, _bounded(receive), send_guarded)

    def _refusal(self, scope: Scope) -> tuple[int, str]:
        headers = Headers(scope=scope)
        if headers.get("host", "").lower() not in self.hosts:
            return 421, "This page has another address."
        if scope["method"] in ("GET", "HEAD"):
            return 0, ""
        if scope["method"] != "POST":
            return 405, "This page only shows, and takes forms."
        origin = headers.get("origin")
        if origin is not None and origin != self.origin and not self._is_local(origin):
            return 403, "This form came from another site, and nothing was done."
        if origin is None and headers.get("sec-fetch-site") not in ("same-origin", "none"):
            return 403, "This form came from nowhere that can be told, and nothing was done."
        length = headers.get("content-length", "")
        if not (length.isascii() and length.isdigit()):
            return 411, "A form says how long it is; nothing was done."
        if len(length) > 9 or int(length) > MOST_BYTES:
            return 413, "This is too much for one form, and nothing was done."
        if not self.rate.allows(network_of(scope["client"][0] if scope.get("client") else "")):
            return 429, "Too many tries: wait a minute. Nothing was done."
        return 0, ""

    def _is_local(self, origin: str) -> bool:
        return origin in {f"http://{host}" for host in self.local}


class TooSlow(Exception):
    """A form did not arrive in time; whoever reads it may raise this."""


def listening_port(page_url: str) -> int:
    """Return the port on which the page listens here: that of its URL; without one 8080, for a proxy."""
    return urlsplit(page_url).port or 8080


def _said(status: int, reason: str) -> PlainTextResponse:
    headers = {"Allow": "GET, HEAD, POST"} if status == 405 else {}
    if status in (411, 413):  # what was sent is not read to its end
        headers["Connection"] = "close"
    return PlainTextResponse(reason, status, headers)


def _bounded(receive: Receive) -> Receive:
    """Wait no longer for a form than one takes to arrive: whoever trickles it would hold us for ever."""
    until = time.monotonic() + BODY_S

    async def read() -> Message:
        try:
            return await asyncio.wait_for(receive(), max(0.0, until - time.monotonic()))
        except TimeoutError:
            raise TooSlow from None

    return read
