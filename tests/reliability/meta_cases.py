"""Every fault at Meta, every place where it can hit a check, how often; what can't happen is no case."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from deployments.sandbox.faults.schedule import ON_THE_WIRE, WHERE
from tasks.meta.wire import ASSIGNED_EDGES, MEMBER_KINDS, PLAIN_EDGES

Often = Literal["once", "for ever", "midway"]
REDUCE = "Please reduce the amount of data you're asking for, then retry your request"


class Trouble(NamedTuple):
    """One way for Meta to go wrong: what it is called, and the line of the sandbox's schedule."""

    name: str
    entry: dict[str, object]

    @property
    def fault(self) -> str:
        return str(self.entry["fault"])


class Place(NamedTuple):
    """Edges (most often one), how they are asked for, and the sandbox's switches that make it so."""

    edges: tuple[str, ...]
    column: str  # of the page
    hows: tuple[str, ...]  # in the sandbox's words: "own", "nested", "item"
    switches: dict[str, object]


@dataclass(frozen=True, slots=True)
class Case:
    """One fault, one place, and how often: once, for ever, or for ever from the second time on (midway)."""

    trouble: Trouble
    place: Place
    often: Often

    @property
    def schedule(self) -> list[dict[str, object]]:
        """What the sandbox is told."""
        return [{"edge": edge, **self.trouble.entry, **_TIMES[self.often]} for edge in self.place.edges]

    def __str__(self) -> str:
        return f"{self.trouble.name}, {self.often}: {' '.join(self.place.edges)}, {self.place.column}"


_TIMES: dict[Often, dict[str, object]] = {
    "once": {"times": 1},
    "for ever": {"times": None},
    "midway": {"times": None, "nth": 2},
}


def _code(name: str, code: int, **more: object) -> Trouble:
    return Trouble(name, {"fault": "code", "code": code, **more})


def _limits() -> Iterator[Trouble]:
    for code in (4, 17, 32, 341, 613, 80004):
        yield _code(f"code {code}", code, headers=True, minutes=1)
        yield _code(f"code {code}, no usage headers", code, headers=False)
    yield _code("code 80004, for an hour", 80004, headers=True, minutes=60)


PASSING = (
    _code("code 1", 1),
    _code('code 1, "reduce the amount" above 4 rows', 1, message=REDUCE, above=4),
    _code('code 1, "reduce the amount"', 1, message=REDUCE),
    _code("code 2", 2),
)
LIMITS = tuple(_limits())
TOKEN = (
    _code("code 190", 190),
    *(_code(f"code 190/{subcode}", 190, subcode=subcode) for subcode in (458, 460, 463, 467)),
    _code("code 102", 102),
    _code("code 415/2859009", 415, subcode=2859009),
    _code("code 368", 368),
)
REFUSALS = (
    _code("code 3", 3),
    _code("code 10", 10),
    _code("code 10/2859030", 10, subcode=2859030),
    _code("code 100", 100),
    _code("code 100/33", 100, subcode=33),
    _code("code 200", 200),
    _code("code 803", 803),
    _code("code 2500", 2500),
    _code("code 2635", 2635),
)
PAGES = tuple(
    Trouble(name, {"fault": name})
    for name in ("empty_page", "repeat_cursor", "cursor_past_end", "wrong_total", "row_twice", "row_missing")
)
PARTS = (
    *(
        Trouble(name, {"fault": name})
        for name in ("nested_omitted", "nested_cut", "no_expansion", "null_item")
    ),
    Trouble("item_error, code 2", {"fault": "item_error", "code": 2}),
    Trouble("item_error, code 200", {"fault": "item_error", "code": 200}),
)
WIRE = (
    Trouble("slow", {"fault": "slow", "seconds": 0.005}),
    *(
        Trouble(name, {"fault": name})
        for name in ("hang", "cut_body", "wrong_length", "html_502", "reset", "bad_gzip", "wrong_date")
    ),
)
TROUBLES = (*PASSING, *LIMITS, *TOKEN, *REFUSALS, *PAGES, *PARTS, *WIRE)

OWN, BATCH, NESTED = "a listing's own request", "a listing in a batch", "grants by expansion"
ALONE, MIXED, NODE = "grants in a batch", "grants, empty ones left out", "the business itself"
COLUMNS = (NODE, OWN, BATCH, NESTED, ALONE, MIXED)

LISTINGS = (
    *(Place((edge,), OWN, ("own",), {}) for edge in MEMBER_KINDS),
    *(Place((edge,), BATCH, ("item",), {}) for edge in PLAIN_EDGES),
)
GRANTS = (
    *(Place((edge,), NESTED, ("nested",), {}) for edge in ASSIGNED_EDGES),
    *(Place((edge,), ALONE, ("item",), {"expansion": "refused"}) for edge in ASSIGNED_EDGES),
)
OTHERS = (
    *(Place((edge,), MIXED, ("nested", "item"), {"empty_nested": "omitted"}) for edge in ASSIGNED_EDGES),
    Place(("node",), NODE, ("own",), {}),
)

# many edges in trouble at once
GROUPS = (
    Place(("business_users", "pending_users", "system_users"), "members", ("own", "item"), {}),
    Place(tuple(e for e in PLAIN_EDGES if e.startswith(("owned", "client_"))), "assets", ("item",), {}),
    Place(tuple(ASSIGNED_EDGES), NESTED, ("nested",), {}),
    Place(tuple(ASSIGNED_EDGES), ALONE, ("item",), {"expansion": "refused"}),
)

# where a fault may begin with a second page, or a second member
_MIDWAY = (("business_users",), ("owned_pages",), ("assigned_pages",), *(group.edges for group in GROUPS))


PLACES = {"listings": LISTINGS, "grants": GRANTS, "others": OTHERS, "groups": GROUPS}


def cases(places: Iterable[Place]) -> list[Case]:
    """Return every case at these places."""
    return list(_cases(places))


def _cases(places: Iterable[Place]) -> Iterator[Case]:
    for trouble in TROUBLES:
        fit = [place for place in places if _how_often(trouble, place)]
        for place in fit:
            for often in _how_often(trouble, place):
                yield Case(trouble, place, often)


def _how_often(trouble: Trouble, place: Place) -> tuple[Often, ...]:
    if WHERE[trouble.fault].isdisjoint(place.hows):
        return ()
    if place.edges == ("node",):  # no page, no limit to shrink
        fits = trouble.fault in ("code", "slow", *ON_THE_WIRE) and "above" not in trouble.entry
        return ("once", "for ever") if fits else ()
    return ("once", "for ever", "midway") if place.edges in _MIDWAY else ("once", "for ever")
