"""One call at the Graph API: an own HTTP request, or an item of a batch; and the HTTP request around it."""

from dataclasses import dataclass, field

from deployments.sandbox.faults import Fault, How
from deployments.sandbox.versions import VERSION
from deployments.sandbox.world import Token


@dataclass(slots=True)
class Exchange:
    """One HTTP request, with what its calls cost and what will be wrong with the answer on the wire."""

    base_url: str  # http://HOST:PORT, for `next`
    calls: int = 0  # as Meta counts them: every batch item, every id of a multi-get (§3, §6)
    parts: int = 0  # batch items and expanded nodes: 1 ms each where there is latency (design §12)
    delay_s: float = 0.0  # of the fault `slow`
    spoiled: Fault | None = None
    items: list[dict[str, object]] = field(
        default_factory=list
    )  # one row per batch item, for the request log


@dataclass(slots=True)
class Call:
    """What one call asks for."""

    method: str
    path: list[str]  # split, without empty parts; the version is taken off when the call is admitted
    version: str | None
    params: dict[str, str]
    exchange: Exchange
    how: How = "own"
    token: Token | None = None
    served_version: str = ""
    ads: bool = False
    hidden: frozenset[str] = frozenset()

    def edge_name(self) -> str | None:
        """Return Meta's path name of the edge, for the log; None for nodes, multi-gets and batches."""
        path = self.path[1:] if self.path and VERSION.fullmatch(self.path[0]) else self.path
        if len(path) == 2:
            return path[1]
        return "debug_token" if path == ["debug_token"] else None


@dataclass(slots=True)
class Answer:
    """What one call is answered: status, JSON value, headers."""

    status: int
    body: object
    headers: list[tuple[str, str]]
