"""The fault schedule: what goes wrong, where, and at which time of asking (design §12)."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any, Literal

How = Literal["own", "nested", "item"]  # an own request, field expansion, a batch item

ANYHOW: frozenset[str] = frozenset({"own", "nested", "item"})
IN_EXPANSION: frozenset[str] = frozenset({"nested"})
IN_BATCH: frozenset[str] = frozenset({"item"})

# Where a fault can hit. In an expansion or a batch item it has its effect on that part of the answer; those
# ON_THE_WIRE spoil the whole HTTP answer that the part is in.
WHERE: dict[str, frozenset[str]] = {
    "code": ANYHOW,
    "cursor_past_end": ANYHOW,
    "empty_page": ANYHOW,
    "repeat_cursor": ANYHOW,
    "wrong_total": ANYHOW,
    "row_twice": ANYHOW,
    "row_missing": ANYHOW,
    "nested_omitted": IN_EXPANSION,
    "nested_cut": IN_EXPANSION,
    "no_expansion": IN_EXPANSION,
    "null_item": IN_BATCH,
    "item_error": IN_BATCH,
    "slow": ANYHOW,
    "hang": ANYHOW,
    "cut_body": ANYHOW,
    "wrong_length": ANYHOW,
    "html_502": ANYHOW,
    "reset": ANYHOW,
    "bad_gzip": ANYHOW,
    "wrong_date": ANYHOW,
}
ON_THE_WIRE = frozenset({"hang", "cut_body", "wrong_length", "html_502", "reset", "bad_gzip", "wrong_date"})
ON_WRITES = ON_THE_WIRE | {"code", "null_item", "item_error", "slow"}  # the rest bends pages


class FaultError(ValueError):
    """The schedule names something that doesn't exist."""


@dataclass(slots=True)
class Fault:
    """One line of the schedule.

    It hits an edge by Meta's path name; "node" is a node's own request, "debug_token" that one, "*" all.
    `nth` counts the times that the edge was asked for in a way in which this fault can hit, from 1; `times`
    is how often in a row it hits then, null for ever. `above` restricts it to pages with a larger limit.

    A write (POST or DELETE of an edge or "node") is hit before or after Meta does it. Refusals (code,
    item_error) come before; everything else (null_item, slow, and all on the wire) after: the write is done,
    and the client doesn't know. `before` says it otherwise; what is hit on the wire or slowed down before
    the write isn't done, and if an answer gets through it is code 2.
    """

    edge: str
    fault: str
    method: str | None = None
    nth: int = 1
    times: int | None = 1
    code: int | None = None  # of code and item_error
    subcode: int | None = None
    message: str | None = None
    headers: bool | None = None  # usage headers on the refusal: exhausted ones, none, or (null) the usual
    minutes: float = 1  # what exhausted headers say: minutes until access is regained
    seconds: float = 5  # of slow; of wrong_date: how far off, an hour unless given
    by: int = 1  # of wrong_total
    keep: int = 1  # of nested_cut: rows that are left
    above: int | None = None
    before: bool | None = None  # of a write
    seen: int = field(default=0, init=False)

    def meets(self, edge: str, method: str, how: How, limit: int | None) -> bool:
        """Count this time of asking, and say whether the fault hits."""
        if self.edge not in ("*", edge) or self.method not in (None, method) or how not in WHERE[self.fault]:
            return False
        if method != "GET" and self.fault not in ON_WRITES:
            return False
        if self.above is not None and (limit is None or limit <= self.above):
            return False
        self.seen += 1
        return self.nth <= self.seen and (self.times is None or self.seen < self.nth + self.times)

    def hits_before_write(self) -> bool:
        """Say whether a write that this hits isn't done."""
        return self.fault in ("code", "item_error") if self.before is None else self.before


def read_schedule(entries: object) -> list[Fault]:
    """Read a schedule; raise FaultError with the place and the reason."""
    if not isinstance(entries, list):
        raise FaultError("faults must be a list of objects")
    return [_fault(number, entry) for number, entry in enumerate(entries)]


def hits(faults: Iterable[Fault], edge: str, method: str, how: How, limit: int | None) -> list[Fault]:
    """Return the faults that hit this time; every one of them counts it."""
    return [fault for fault in faults if fault.meets(edge, method, how, limit)]


_TYPES: dict[str, tuple[type, ...]] = {
    "edge": (str,),
    "fault": (str,),
    "method": (str, type(None)),
    "message": (str, type(None)),
    "headers": (bool, type(None)),
    "before": (bool, type(None)),
    "minutes": (int, float),
    "seconds": (int, float),
    "nth": (int,),
    "times": (int, type(None)),
    "code": (int, type(None)),
    "subcode": (int, type(None)),
    "above": (int, type(None)),
    "by": (int,),
    "keep": (int,),
}


_METHODS = ("GET", "POST", "DELETE")


def _fault(number: int, entry: object) -> Fault:
    if not isinstance(entry, dict):
        raise FaultError(f"fault {number}: must be an object")
    if wrong := _wrong_types(entry) or _wrong_values(entry):
        raise FaultError(f"fault {number}: {wrong}")
    if entry["fault"] == "wrong_date":
        entry = {"seconds": 3600, **entry}
    return Fault(**entry | ({"method": entry["method"].upper()} if entry.get("method") else {}))


def _wrong_types(entry: dict[str, Any]) -> str | None:
    known = {one.name for one in fields(Fault) if one.init}
    for name, value in entry.items():
        if name not in known:
            return f"no field {name!r}; there are {', '.join(sorted(known))}"
        if not isinstance(value, _TYPES[name]) or (isinstance(value, bool) and bool not in _TYPES[name]):
            return f"{name} can't be {value!r}"
    return next((f"{name} is missing" for name in ("edge", "fault") if name not in entry), None)


def _wrong_values(entry: dict[str, Any]) -> str | None:
    """Say what never hits, or hits with nothing to say."""
    if entry["fault"] not in WHERE:
        return f"no fault {entry['fault']!r}; there are {', '.join(sorted(WHERE))}"
    if entry["fault"] == "code" and entry.get("code") is None:
        return "code is missing"
    for name in ("nth", "times"):
        if (value := entry.get(name)) is not None and value < 1:
            return f"{name} counts from 1, and can't be {value!r}"
    method = entry.get("method")
    return (
        f"method is GET, POST or DELETE, not {method!r}"
        if (method or "GET").upper() not in _METHODS
        else None
    )
