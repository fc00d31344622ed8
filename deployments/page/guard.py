"""What every request to the page passes first, and what every answer carries: it trusts nobody's browser."""

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 64 * 1024  # of a form: 50 answers and a comment
POSTS_PER_MINUTE = 60  # of one address
MOST_ADDRESSES = 10_000  # remembered; the oldest are forgotten
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
    """How many requests each address made in the running minute; bounded memory."""

    most: int = POSTS_PER_MINUTE
    seen: OrderedDict[str, tuple[float, int]] = field(default_factory=OrderedDict)

    def allows(self, address: str) -> bool:
        """Count a request, and say whether it is within the limit."""
        now = time.monotonic()
        began, count = self.seen.pop(address, (now, 0))
        if now - began >= 60:
            began, count = now, 0
        self.seen[address] = (began, count + 1)
        while len(self.seen) > MOST_ADDRESSES:
            self.seen.popitem(last=False)
        return count < self.most


class Guard:
    """ASGI middleware: host, origin, size, rate; and the security headers.

    A POST needs an Origin that is the page's own, or a browser's word that it comes from the same site: this
    and the token in each form keep other sites from answering in an Owner's name.
    """

    def __init__(self, app: ASGIApp, page_url: str) -> None:
        parts = urlsplit(page_url)
        self.app, self.rate = app, Rate()
        self.origin = f"{parts.scheme}://{parts.netloc}"
        port = f":{parts.port}" if parts.port else ""
        self.hosts = {parts.netloc.lower(), f"127.0.0.1{port}", f"localhost{port}"}
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
            await PlainTextResponse(reason, status)(scope, receive, send_guarded)
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
        if not length.isdigit() or int(length) > MOST_BYTES:
            return 413, "This is too much for one form, and nothing was done."
        if not self.rate.allows(scope["client"][0] if scope.get("client") else ""):
            return 429, "Too many tries: wait a minute. Nothing was done."
        return 0, ""

    def _is_local(self, origin: str) -> bool:
        return urlsplit(origin).netloc.lower() in self.hosts and urlsplit(origin).scheme == "http"


def _bounded(receive: Receive) -> Receive:
    """Read no more than a form may have, whatever its Content-Length said."""
    left = MOST_BYTES

    async def read() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            return {"type": "http.disconnect"}
        return message

    return read
