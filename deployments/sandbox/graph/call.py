"""One call at the Graph API: an own HTTP request, or an item of a batch; its parameters, and its answer."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qsl

from deployments.sandbox.faults.schedule import Fault, How
from deployments.sandbox.graph.json_text import from_json, to_json
from deployments.sandbox.graph.versions import VERSION
from deployments.sandbox.world import Token

_METHODS = ("GET", "POST", "DELETE")


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
    sees: Container[str] | None = None  # ids of the assets that the token sees; None: all

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


def meant_method(method: str, params: Mapping[str, str]) -> str:
    """Return the method that is meant: clients that can't send DELETE, or long GETs, say `method=` instead.

    The digest doesn't name it. Public clients rely on it, by POST and by GET: delete_object of the Python
    facebook-sdk (commit 25c4dab) posts `method=delete`. Taken for an update, it would be answered a success
    and leave the member in.
    """
    said = params.get("method", "").upper()
    return said if said in _METHODS and method in ("GET", "POST") else method


def parameters(query: bytes, body: bytes, content_type: str) -> dict[str, str]:
    """Return what query and body say, in every form that clients send them (§9.6, §9.7).

    Those of the body win, as does the last of one name.
    """
    found = dict(parse_qsl(query.decode("utf-8", "replace"), keep_blank_values=True))
    if not body:
        return found
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "multipart/form-data":  # what curl -F sends in Meta's own guides
        return found | _multipart(body, content_type)
    if kind == "application/json":
        return found | _json(body)
    return found | dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _multipart(body: bytes, content_type: str) -> dict[str, str]:
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    found = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        payload = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(payload, bytes):
            found[name] = payload.decode("utf-8", "replace")
    return found


def _json(body: bytes) -> dict[str, str]:
    try:
        value = from_json(body)
    except ValueError:
        return {}
    if not isinstance(value, dict):
        return {}
    return {name: one if isinstance(one, str) else to_json(one).decode() for name, one in value.items()}
