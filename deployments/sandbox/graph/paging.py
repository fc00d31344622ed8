"""Pages of a listing: limits, opaque cursors, `next` and `previous` (meta-graph-api.md §3)."""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from deployments.sandbox.graph import errors

DEFAULT_LIMIT = 25  # §3 [I:587]

# What `next` doesn't repeat: it has its own cursor; whether Meta puts a proof into it is unconfirmed (§3).
_NOT_IN_NEXT = frozenset({"after", "before", "appsecret_proof", "summary"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a client asks of a listing."""

    limit: int = DEFAULT_LIMIT
    after: str | None = None
    before: str | None = None
    summary: bool = False


@dataclass(slots=True)
class Page:
    """A page of a listing before it becomes JSON."""

    elements: list[object]
    start: int
    total: int
    has_next: bool
    before: str
    after: str
    asked_after: str | None


def wanted(arguments: Mapping[str, str]) -> Wanted:
    """Read limit, after, before and summary from a query or from the modifiers of a nested edge."""
    if not arguments:
        return Wanted()
    return Wanted(
        limit=_limit(arguments.get("limit")),
        after=arguments.get("after") or None,
        before=arguments.get("before") or None,
        # §3: `summary=true` and `summary=total_count`; the SDK also sends a JSON list
        summary=arguments.get("summary", "").strip('[]" ').lower() in ("true", "1", "total_count"),
    )


def _limit(text: str | None) -> int:
    if text is None or text == "":
        return DEFAULT_LIMIT
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise errors.bad_parameter("limit", "an integer that is not negative")
    return int(text)


def cut_page(elements: Sequence[Any], id_of: Callable[[Any], str], asked: Wanted, limit: int) -> Page:
    """Cut the page that `after` or `before` and the limit mean."""
    total = len(elements)
    start, stop = 0, min(limit, total)
    if asked.after is not None:
        start = place_of(asked.after, elements, id_of) + 1
        stop = min(start + limit, total)
    elif asked.before is not None:
        stop = max(place_of(asked.before, elements, id_of), 0)
        start = max(stop - limit, 0)
    inside = list(elements[start:stop])
    before = after = ""
    if inside:
        before = cursor_at(start, id_of(inside[0]))
        after = cursor_at(start + len(inside) - 1, id_of(inside[-1]))
    return Page(inside, start, total, stop < total and bool(inside), before, after, asked.after)


def cursor_at(position: int, row_id: str, nonce: str = "") -> str:
    """Return the opaque cursor of the row at this position (counted from 0).

    §3: Meta's are base64-like and end in "ZD". A nonce makes another cursor for the same place.
    """
    raw = f"{position}:{row_id}:{nonce}" if nonce else f"{position}:{row_id}"
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=") + "ZD"


def place_of(cursor: str, elements: Sequence[Any], id_of: Callable[[Any], str]) -> int:
    """Return the position of the row that a cursor marks: at once, unless the listing changed under it.

    §3: a cursor marks an item, so rows that left before it don't make the client skip any. A marked row that
    left itself is taken for the one before its old place: a row may come twice, none is missed. Assumption.
    """
    position, row_id = _read(cursor)
    if position < 0:  # before the first row: where the fault `repeat_cursor` sends a client back to
        return -1
    if position < len(elements) and row_id in ("", id_of(elements[position])):
        return position
    for earlier in range(min(position, len(elements)) - 1, -1, -1):
        if id_of(elements[earlier]) == row_id:
            return earlier
    if position > len(elements):
        raise errors.cursor_past_end()
    return position - 1


def _read(cursor: str) -> tuple[int, str]:
    body = cursor.removesuffix("ZD")
    try:
        raw = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode()
        position, row_id = raw.split(":")[:2]
        return int(position), row_id
    except (binascii.Error, ValueError):
        raise errors.bad_parameter("after", "a cursor that this endpoint gave out") from None


def next_url(base: str, version: str, path: str, query: Mapping[str, str], **cursor: str) -> str:
    """Return a real, usable URL: it repeats the query, token included, with one cursor (§3)."""
    kept = {name: value for name, value in query.items() if name not in _NOT_IN_NEXT}
    return f"{base}/{version}/{path}?{urlencode({**kept, **cursor})}"
