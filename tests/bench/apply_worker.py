"""One `apply` of the hub that the first argument names; prints how long it took, and what it sent to Meta."""

import asyncio
import json
import sys
import time
from typing import Any

import httpx

from flows.apply import apply_approved
from flows.settings import load_settings

_sent: list[tuple[float, dict[str, Any]]] = []
_send = httpx.AsyncClient.send


async def _noted(self: httpx.AsyncClient, request: httpx.Request, **how: Any) -> httpx.Response:
    _sent.append((
        time.monotonic(),
        {
            "method": request.method,
            "url": str(request.url),
            "headers": dict(request.headers),
            "body": request.content.decode("utf-8"),
        },
    ))  # fmt: skip
    return await _send(self, request, **how)


def main() -> None:
    """Apply, and print one JSON object."""
    httpx.AsyncClient.send = _noted  # type: ignore[method-assign]
    began, cpu = time.monotonic(), time.process_time()
    settled = asyncio.run(apply_approved(load_settings(), sys.argv[1]))
    ended, cpu = time.monotonic(), time.process_time() - cpu
    first = next(at for at, request in _sent if request["method"] == "DELETE")
    before = [at for at, _ in _sent if at < first]
    print(
        json.dumps(
            {
                "apply_s": ended - began,
                "cpu_s": cpu,
                "read_s": before[-1] - before[0],
                "calls_s": ended - first,
                "calls": sum(at >= first for at, _ in _sent),
                "done": sum(one.outcome == "done" for one in settled),
                "requests": [request for _, request in _sent],
            }
        )
    )


if __name__ == "__main__":
    main()
