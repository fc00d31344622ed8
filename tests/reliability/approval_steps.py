"""Schedules of the approval drill, drawn from a seed: what Owners, Meta, the directory and the clock do."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count, islice
from random import Random
from typing import Any

# Who has left in the morning, when the Owners Ada, Bo and Olga have been asked; Zed is nobody's throughout.
MORNINGS = (
    ("Eva Rust", "Ada Lund", "Mia Skog"),  # an Owner with Full control, and an invitation
    ("Finn Aske", "Gro Vang", "Hal Berg"),  # three: more than may be removed in a day
    ("Cleo Dorn", "Dag Holt", "Ida Tveit"),  # only two with Full control stay
    ("Ada Lund", "Cleo Dorn", "Dag Holt"),  # one does: they are held back
)
WAITS_MIN = (0, 5, 16, 16, 16, 16, 60, 600, 1380, 1441, 1441)
JUMPS_MIN = (2 * 1440, 6 * 1440, 13 * 1440, 15 * 1440, 31 * 1440)
CRASHES = (
    "apply.intended", "apply.intended", "apply.called", "apply.called", "apply.proved", "ledger.writing",
    "ledger.written", "report.written", "report.named", "warehouse.merged", "warehouse.check_recorded",
    "warehouse.concluding", "snapshot.full_built",
)  # fmt: skip
LOST = ("reset", "html_502", "cut_body", "wrong_length", "bad_gzip")
READ = ("business_users", "pending_users", "assigned_pages", "assigned_ad_accounts", "owned_pages", "*")
SPOILT = ("code", "code", "row_missing", "empty_page", "wrong_total", "nested_omitted", "html_502", "reset")
ANSWERS = ("remove", "remove", "remove", "remove", "keep", "exempt", "do", "dont", "match:1", "withdraw")
STOPS = ("keep", "keep", "withdraw", "exempt")
CODES = ("all", "all", "one", "one", "two", "two", "keep", "old", "again", "forged")
HANDS = ("role", "name", "remove", "grant", "revoke", "accept", "control")
MOVES = (
    "leave", "leave", "return", "return", "suspend", "owner leaves", "owner returns", "owner returns",
    "owner is a guest", "owner vanishes", "invited leaves",
)  # fmt: skip
REQUESTS = ("remove", "set_role", "demote", "grant", "revoke", "invite", "withdraw", "restore")
OF_OWNERS = ("owner_add", "owner_add", "owner_drop")
ACTIONS = ("exempt", "exempt", "unexempt", "match", "reassign", "reassign", "accept")
POSTS = ("away", "away", "busy", "unheard")  # what the mail server does until it is "back"
SETTINGS = ("without", "with")  # the owners that the configuration names, which is read once


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `who` and `what` choose among those that there are then, `how` says in which way.

    `faults`: what goes wrong at Meta meanwhile. `crash`: at which boundary the program dies, and at which
    time of passing it. `short`: the directory's export has lost people meanwhile.
    """

    kind: str
    who: int = 0
    what: int = 0
    how: str = ""
    faults: tuple[dict[str, Any], ...] = ()
    crash: tuple[str, int] | None = None
    short: bool = False

    def __str__(self) -> str:
        words = [f"{self.kind} {self.how}".strip(), f"who={self.who} what={self.what}"]
        words += [f"crash at {self.crash[1]}. {self.crash[0]}"] if self.crash else []
        words += ["short export"] if self.short else []
        words += [", ".join(f"{one['fault']} on {one['edge']}" for one in self.faults)] if self.faults else []
        return "; ".join(words)

    @property
    def is_calm(self) -> bool:
        return not (self.faults or self.crash or self.short or self.how == "meanwhile")


@dataclass(frozen=True, slots=True)
class Schedule:
    """A morning (which of MORNINGS) and what follows. The same seed is the same schedule."""

    seed: int
    morning: int
    steps: tuple[Step, ...]
    ends_with_check: bool


def schedule(seed: int) -> Schedule:
    """Draw a schedule."""
    rng = Random(seed)  # noqa: S311 - no secret
    morning = rng.randrange(len(MORNINGS))
    steps: list[Step] = []
    for _ in range(rng.choice((1, 1, 1, 2))):
        steps += _round(rng)
    return Schedule(seed, morning, tuple(steps), rng.random() < 0.15)


def seeds_of(morning: int, how_many: int) -> tuple[int, ...]:
    """Return the first seeds above 30,000 whose schedules begin with this morning."""
    found = (seed for seed in count(30_001) if schedule(seed).morning == morning)
    return tuple(islice(found, how_many))


def _round(rng: Random) -> list[Step]:
    """Answers and what happens meanwhile, in any order; time; apply; perhaps a check."""
    before = [_answer(rng) for _ in range(rng.randint(2, 5))]
    before += [_event(rng) for _ in range(rng.choice((0, 0, 1, 1, 2)))]
    rng.shuffle(before)
    if rng.random() < 0.4:  # what an Owner asks for, and one or two others agree to
        before += _asked_and_agreed(rng, rng.choice((*REQUESTS, *OF_OWNERS)))
    if rng.random() < 0.15:
        before.insert(rng.randrange(len(before) + 1), _check(rng))
    steps = [*before, Step("wait", how=str(rng.choice(WAITS_MIN)))]
    if rng.random() < 0.3:  # what an Owner regrets after his yes
        steps.append(Step("stop", rng.randrange(6), rng.randrange(60), rng.choice(STOPS)))
    steps += [_event(rng)] if rng.random() < 0.45 else []
    steps.append(_apply(rng))
    if rng.random() < 0.2:
        steps += [Step("wait", how=str(rng.choice((5, 16, 60)))), _apply(rng)]
    if rng.random() < 0.25:
        steps += _comeback(rng)
    steps = _without_post(rng, steps) if rng.random() < 0.2 else steps
    if rng.random() < 0.25:
        steps.append(Step("wait", how=str(rng.choice(JUMPS_MIN))))
    return [*steps, _check(rng)] if rng.random() < 0.3 else steps


def _asked_and_agreed(rng: Random, how: str) -> list[Step]:
    asks = Step("request", rng.randrange(6), rng.randrange(60), how)
    agree = [Step("agree", rng.randrange(6), rng.randrange(60)) for _ in range(rng.choice((1, 2, 3)))]
    return [asks, *agree]


def _comeback(rng: Random) -> list[Step]:
    """Somebody who was removed is back in the company, is brought back, and perhaps leaves again.

    What was said about the old seat says nothing about the new one.
    """
    removes = [Step("code", how="two"), Step("notify"), Step("wait", how="16"), Step("apply")]
    steps = removes if rng.random() < 0.7 else []
    steps += [Step("person", what=rng.randrange(60), how="removed returns"), _calm_or(rng, _check)]
    steps += _asked_and_agreed(rng, "restore")
    steps += [Step("notify"), Step("wait", how=str(rng.choice((5, 16, 16, 16))))]
    steps += [Step("person", what=rng.randrange(60), how="invited leaves")] if rng.random() < 0.2 else []
    steps += [_calm_or(rng, _apply)]
    steps += [Step("hand", what=rng.randrange(60), how="accept newest")]
    steps += [_calm_or(rng, _check), _calm_or(rng, _apply)]
    if rng.random() < 0.5:
        steps += [Step("person", what=rng.randrange(60), how="restored leaves"), _calm_or(rng, _check)]
        steps += [_answer(rng) for _ in range(rng.choice((0, 2, 3)))]
        steps += [Step("wait", how="16"), _apply(rng)]
    return steps


def _calm_or(rng: Random, draw: Callable[[Random], Step]) -> Step:
    """Draw a step, and let nothing disturb it more often than else: a long story needs all of its steps."""
    step = draw(rng)
    return Step(step.kind) if rng.random() < 0.6 else step


def _without_post(rng: Random, steps: list[Step]) -> list[Step]:
    """Let the mail server be away, or only half there, from some step on until a later one."""
    gone = rng.randrange(len(steps))
    back = rng.randrange(gone + 1, len(steps) + 3)
    here = Step("post", how=rng.choice(POSTS))
    return [*steps[:gone], here, *steps[gone:back], Step("post", how="back"), *steps[back:]]


def _answer(rng: Random) -> Step:
    if rng.random() < 0.5:
        return Step("code", rng.randrange(6), rng.randrange(60), rng.choice(CODES))
    return Step("say", rng.randrange(8), rng.randrange(60), rng.choice(ANSWERS))


def _event(rng: Random) -> Step:
    kind, ways = rng.choice(
        (("hand", HANDS), ("hand", HANDS), ("person", MOVES), ("request", REQUESTS), ("request", REQUESTS),
         ("request", OF_OWNERS), ("act", ACTIONS), ("act", ACTIONS), ("settings", SETTINGS),
         ("notify", ("",)))
    )  # fmt: skip
    return Step(kind, rng.randrange(6), rng.randrange(60), rng.choice(ways))


def _check(rng: Random) -> Step:
    return _troubled(rng, Step("check"), 0.3, write=False)


def _apply(rng: Random) -> Step:
    if rng.random() < 0.08:
        return Step("apply", rng.randrange(6), rng.randrange(60), "meanwhile")
    return _troubled(rng, Step("apply"), 0.55, write=True)


def _troubled(rng: Random, step: Step, chance: float, *, write: bool) -> Step:
    if rng.random() > chance:
        return step
    kind = rng.choice(("crash", "crash", "fault", "fault", "short"))
    if kind == "crash":
        places = [one for one in CRASHES if write or not one.startswith("apply.")]
        places += places[:5] if write else []
        return Step(step.kind, crash=(rng.choice(places), rng.choice((1, 1, 1, 2, 3, 5))))
    if kind == "short":
        return Step(step.kind, short=True)
    faults = [_of_write(rng) if write and rng.random() < 0.6 else _of_reading(rng)]
    faults += [_of_reading(rng)] if rng.random() < 0.3 else []
    return Step(step.kind, faults=tuple(faults))


def _of_write(rng: Random) -> dict[str, Any]:
    """A write that isn't done, or is done and nobody hears of it."""
    where = {
        "edge": rng.choice(("node", "node", "assigned_users", "*")),
        "method": rng.choice(("DELETE", "POST")),
    }
    if rng.random() < 0.4:
        return {
            **where,
            "fault": "code",
            "code": rng.choice((1, 2, 4, 10, 100, 190, 368, 3914)),
            "times": None,
        }
    return {**where, "fault": rng.choice(LOST), "before": rng.random() < 0.4, "times": rng.choice((1, None))}


def _of_reading(rng: Random) -> dict[str, Any]:
    fault = {"edge": rng.choice(READ), "method": "GET", "fault": rng.choice(SPOILT)}
    fault |= {"nth": rng.choice((1, 1, 2, 3)), "times": rng.choice((1, 2, None))}
    return {**fault, "code": rng.choice((1, 2, 4, 10, 100, 190))} if fault["fault"] == "code" else fault
