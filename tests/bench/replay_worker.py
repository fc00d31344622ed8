"""Sends requests that were noted by bare httpx, as many at once as we do, to the sandbox that stdin names."""

import asyncio
import json
import sys
import time
from typing import Any
from urllib.parse import urlsplit

import httpx

AT_ONCE = 4  # [meta] concurrency, as it is shipped


async def _all(requests: list[dict[str, Any]], base: str) -> tuple[float, float]:
    limits = httpx.Limits(max_connections=AT_ONCE)
    async with httpx.AsyncClient(limits=limits, timeout=60, trust_env=False) as client:
        slots = asyncio.Semaphore(AT_ONCE)

        async def one(request: dict[str, Any]) -> None:
            parts = urlsplit(request["url"])
            url = f"{base}{parts.path}?{parts.query}" if parts.query else f"{base}{parts.path}"
            drop = {"host", "content-length", "connection"}
            headers = {name: value for name, value in request["headers"].items() if name not in drop}
            async with slots:
                body = request["body"].encode() or None
                await client.request(request["method"], url, headers=headers, content=body)

        first = next(place for place, request in enumerate(requests) if request["method"] == "DELETE")
        began = time.monotonic()
        await asyncio.gather(*(one(request) for request in requests[:first]))
        calls = time.monotonic()
        await asyncio.gather(*(one(request) for request in requests[first:]))
        ended = time.monotonic()
    return ended - began, ended - calls


def main() -> None:
    """Replay, and print the seconds of all and of those from the first DELETE on."""
    given = json.load(sys.stdin)
    all_s, calls_s = asyncio.run(_all(given["requests"], given["world"]["graph_url"]))
    print(json.dumps({"all_s": all_s, "calls_s": calls_s}))


if __name__ == "__main__":
    main()
