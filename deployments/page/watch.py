"""What watches the page's port: /livez, /healthz and /metrics. No names, no addresses, and little work."""

import ipaddress
import time
from collections.abc import Callable
from threading import Lock
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from flows.settings import Settings
from flows.watch.health import health
from flows.watch.metrics import HUB_NUMBERS, OWN_NUMBERS, Numbers, numbers

KEPT_S = 5.0  # an answer of /healthz; whoever asks more often gets the same one
NUMBERS_KEPT_S = 15.0
FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip", "via", "x-forwarded-host", "x-forwarded-proto")
LOCAL = ("127.0.0.1", "::1")


def watch_routes(settings: Settings) -> list[Route]:
    """Return the routes: this process lives; all of it works; the numbers for Prometheus."""
    watch = _Watch(settings)
    return [Route("/livez", watch.lives), Route("/healthz", watch.works), Route("/metrics", watch.metrics)]


class _Watch:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.health = _Kept(KEPT_S, lambda: health(settings))
        self.numbers = _Kept(NUMBERS_KEPT_S, lambda: _exposition(numbers(settings)))

    async def lives(self, _: Request) -> Response:
        return PlainTextResponse("ok")

    async def works(self, _: Request) -> Response:
        found = await run_in_threadpool(self.health.value)
        return JSONResponse(found.as_json(), 200 if found.ok else 503)

    async def metrics(self, request: Request) -> Response:
        if not self._may_read(request):
            return PlainTextResponse("There is nothing here.", 404)
        return Response(await run_in_threadpool(self.numbers.value), media_type=CONTENT_TYPE_LATEST)

    def _may_read(self, request: Request) -> bool:
        """Say whether the numbers are for who asks: this machine itself, or a network that is named.

        A proxy on this machine asks for others: what it forwards is not this machine's own question.
        """
        address = request.client.host if request.client else ""
        host = request.headers.get("host", "").rpartition(":")[0]
        if address in LOCAL and not any(name in request.headers for name in FORWARDED):
            return host in ("127.0.0.1", "localhost", "[::1]")
        try:
            asks = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(asks in network for network in self.settings.metrics.allow)


class _Kept:
    """A value that is asked for at most every so many seconds, by one at a time."""

    def __init__(self, for_s: float, ask: Callable[[], Any]) -> None:
        self._for_s, self._ask, self._lock = for_s, ask, Lock()
        self._at, self._value = -for_s, None

    def value(self) -> Any:
        with self._lock:
            if time.monotonic() - self._at >= self._for_s:
                self._value = self._ask()
                self._at = time.monotonic()
            return self._value


def _exposition(found: Numbers) -> bytes:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Numbers(found))
    return generate_latest(registry)


class _Numbers:
    """What prometheus_client collects from."""

    def __init__(self, found: Numbers) -> None:
        self._found = found

    def collect(self) -> list[GaugeMetricFamily]:
        families = []
        for name, says in HUB_NUMBERS.items():
            family = GaugeMetricFamily(f"hubroster_{name}", says, labels=["hub"])
            for hub, value in sorted(self._found.hubs[name].items()):
                family.add_metric([hub], value)
            families.append(family)
        for name, says in OWN_NUMBERS.items():
            if name in self._found.own:
                families.append(GaugeMetricFamily(f"hubroster_{name}", says, value=self._found.own[name]))
        return families
