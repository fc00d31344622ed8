"""One change at the stand-in, over a socket: made, proven, and judged as the apply flow does it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from deployments.sandbox.server import Sandbox
from tasks.meta.access import MetaAccess
from tasks.meta.change import Called, Change, Proof
from tasks.meta.changes import make
from tasks.meta.client import MetaClient
from tasks.meta.proof import outcome, prove

T = TypeVar("T")


@dataclass(frozen=True)
class Done:
    """What a change came to, and all that was said on the way."""

    called: Called
    proof: Proof
    outcome: str
    words: str
    first_request: int


async def no_time(_: float) -> None:
    await asyncio.sleep(0)


def session(box: Sandbox, token: str, *, timeout_s: float = 20, **access: Any) -> MetaClient:
    """Return a client for one of the world's tokens; no time passes while it waits."""
    facts = {"app_secret": box.world.app_secret, "sandbox": True, **access}
    return MetaClient(
        MetaAccess(graph_url=box.graph_url, api_version="v26.0", token=token, **facts),
        say=lambda _: None,
        sleep=no_time,
        now=box.clock.now,
        timeout_s=timeout_s,
    )


def run(use: Callable[[MetaClient, MetaClient], Awaitable[T]], box: Sandbox, **access: Any) -> T:
    """Run `use` with a session that may write and one that reads."""

    async def both() -> T:
        writer = session(box, box.world.write_token, **access)
        reader = session(box, box.world.access_token, **access)
        async with writer, reader:
            return await use(writer, reader)

    return asyncio.run(both())


def change_and_prove(box: Sandbox, change: Change, *, was_there: bool = True, **access: Any) -> Done:
    """Make one change and prove it."""
    business, first = box.world.business.id, len(box.log.rows)

    async def both(writer: MetaClient, reader: MetaClient) -> tuple[Called, Proof]:
        return await make(writer, business, change), await prove(reader, business, change)

    called, proof = run(both, box, **access)
    return Done(called, proof, *outcome(called, proof, was_there=was_there), first)


def writes(box: Sandbox, done: Done) -> list[tuple[str, str]]:
    """Return method and path of every write since: whatever is no GET and no batch."""
    rows = box.log.rows[done.first_request :]
    return [(str(r["method"]), str(r["path"])) for r in rows if r["method"] != "GET" and not r["items"]]
