"""Time that a check waits through without anybody waiting: it moves on for Meta and for us alike."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import TracebackType
from typing import Self

import httpx
import pytest

from deployments.sandbox.server import Sandbox
from tasks.meta import backoff


class HurriedTime(httpx.AsyncBaseTransport):
    """This machine's clock, Meta's clock, and the wire between: a sleep moves both clocks, and ends at once.

    It lets no request be under way while it moves them, so that one sent during the sleep would arrive while
    Meta still limits. `sent` are the moments at which requests left, and `heard` those at which the client
    said something.
    """

    def __init__(self, box: Sandbox) -> None:
        self._box, self._ahead_s, self._under_way = box, 0.0, 0
        self._wire = httpx.AsyncHTTPTransport()
        self.sent: list[float] = []
        self.heard: list[tuple[float, str]] = []

    def monotonic(self) -> float:
        """Return this machine's time."""
        return time.monotonic() + self._ahead_s

    async def sleep(self, seconds: float) -> None:
        """Let so much time pass."""
        end = self.monotonic() + seconds
        await asyncio.sleep(0.01)  # for whoever would send now
        while self._under_way:
            await asyncio.sleep(0.001)
        more = max(end - self.monotonic(), 0)  # another sleeper may have come as far
        self._ahead_s += more
        self._box.clock.set(self._box.clock.now() + timedelta(seconds=more))

    def say(self, line: str) -> None:
        """Note what the client says, and when."""
        self.heard.append((self.monotonic(), line))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send it to the sandbox, and note when."""
        self.sent.append(self.monotonic())
        self._under_way += 1
        try:
            response = await self._wire.handle_async_request(request)
            await response.aread()
        finally:
            self._under_way -= 1
        return response

    async def __aenter__(self) -> Self:
        await self._wire.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        where: TracebackType | None = None,
    ) -> None:
        await self._wire.__aexit__(kind, error, where)

    async def aclose(self) -> None:
        """Hang up."""
        await self._wire.aclose()


@contextmanager
def hurried_time(box: Sandbox) -> Iterator[HurriedTime]:
    """Put it in the place of the clock by which the client waits."""
    made = HurriedTime(box)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backoff, "time", made)
        yield made
