"""Bad nights, drawn at random from a seed: what Meta does wrong, what is switched, what people do by hand."""

from dataclasses import dataclass
from random import Random
from typing import Any

from tasks.meta.wire import ASSIGNED_EDGES, EDGES

WHERE = (*EDGES, *ASSIGNED_EDGES, "node", "*")
CODES = (1, 2, 3, 4, 10, 17, 32, 100, 102, 190, 200, 341, 368, 613, 80004)
REDUCE = "Please reduce the amount of data you're asking for, then retry your request"
FAULTS = (
    "code", "code", "code", "empty_page", "repeat_cursor", "cursor_past_end", "wrong_total", "row_twice",
    "row_missing", "nested_omitted", "nested_cut", "no_expansion", "null_item", "item_error", "slow",
    "cut_body",    "wrong_length", "html_502", "reset", "bad_gzip", "wrong_date",
)  # fmt: skip
SWITCHES: dict[str, tuple[Any, ...]] = {
    "empty_nested": ("sent", "omitted", "forbidden"),
    "forbidden_direct": ("answered", "refused"),
    "expansion": ("on", "refused"),
    "max_limit": (3, 7, 12, 5000),
    "reduce_above": (0, 5, 20),
    "usage_headers": (True, False),
    "hidden_fields": ([], ["email"], ["two_fac_status"], ["tasks"], ["role"], ["name"]),
}
# What people do while a night lasts: a few combinations, so that a twin's morning can be remembered.
HANDS = (
    (), (), (), ("remove",), ("role", "grant"), ("revoke",), ("accept", "add"), ("leave",),
    ("unshare", "remove"), ("remove", "leave", "add"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Night:
    """What happens between two good checks. The same seed is the same night.

    `faults` and `switches` hold for `checks` checks. `hands` are what people do at Meta or in the directory:
    all before these checks, but for the last one if it is `late`. A check that `stops` does so after the
    merge, as if it had been killed: no report, no snapshot.
    """

    seed: int
    faults: list[dict[str, Any]]
    switches: dict[str, Any]
    hands: tuple[str, ...]
    late: bool
    checks: int
    stops: bool


def night(seed: int) -> Night:
    """Draw a night."""
    rng = Random(seed)  # noqa: S311 - no secret
    faults = [_fault(rng) for _ in range(rng.randint(1, 6))]
    names = rng.sample(sorted(SWITCHES), rng.choice((0, 0, 1, 2, 3)))
    switches = {name: rng.choice(SWITCHES[name]) for name in names}
    late, checks, stops = rng.random() < 0.3, 2 if rng.random() < 0.1 else 1, rng.random() < 0.6
    return Night(seed, faults, switches, rng.choice(HANDS), late, checks, stops)


def _fault(rng: Random) -> dict[str, Any]:
    kind = rng.choice(FAULTS)
    fault: dict[str, Any] = {"edge": rng.choice(WHERE), "fault": kind, "nth": rng.choice((1, 1, 1, 2, 3))}
    fault["times"] = rng.choice((1, 1, 2, 3, None))
    if kind in ("code", "item_error"):
        fault["code"] = rng.choice(CODES)
        if fault["code"] == 1 and rng.random() < 0.5:
            fault["message"] = REDUCE
        if fault["code"] == 100 and rng.random() < 0.5:
            fault["subcode"] = 33
        fault["headers"] = rng.choice((True, False, None))
        fault["minutes"] = rng.choice((1, 5, 14, 60))
    elif kind == "slow":
        fault["seconds"] = 0.01
    elif kind == "wrong_date":
        fault["seconds"] = rng.choice((-86_400, 200, 7_200))
    elif kind == "wrong_total":
        fault["by"] = rng.choice((-1, 1, 5))
    return fault
