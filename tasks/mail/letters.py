"""What Owners get by mail: the facts of each letter, in plain fields. The words are in `wording`."""

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One change of a review. `answers`: (answer, its words, verdict code; the code may be empty).

    `headline` says who it is about and why, `details` what they can do; either may stand alone.
    """

    change_id: str
    kind: str
    headline: str
    details: str
    consequence: str
    recommended: str
    answers: tuple[tuple[str, str, str], ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a review asks an Owner. `leavers` and `admins` count people who left, and those with Full control.

    `asked`: how many questions there are; `lines`: the most urgent of them. Who is held back is counted among
    the leavers. `held_back`, `changed`, `others`: sentences, sentences, names.
    `head`: the ledger's, for whoever wants to prove later that nothing was altered.
    """

    to: str = field(repr=False)
    owner_name: str
    hub: str
    workspace: str
    review: str
    run_name: str
    asked: int
    lines: tuple[Line, ...]
    recommended_code: str = field(repr=False)
    keep_code: str = field(repr=False)
    page_url: str
    page_code: str = field(repr=False)
    expires_on: date
    held_back: tuple[str, ...]
    changed: tuple[str, ...]
    others: tuple[str, ...]
    head: str
    leavers: int
    admins: int
    two_needed: bool


@dataclass(frozen=True, slots=True)
class Reminder(Proposal):
    """The same once more; `lines` are those that are still open."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was answered, by whom, and via what: the page, the command line or the form.

    In `lines`, the first ones, `recommended` is the answer that was given. `answered` counts all answers,
    `removals` those that remove somebody; of both, `waiting` and `waiting_removals` need another Owner's yes.
    `comment`: why, in the words of who answered; empty for none.
    `not_before`: when removals begin at the earliest, with its time zone; None when nothing is removed.
    """

    to: str = field(repr=False)
    owner_name: str
    hub: str
    workspace: str
    head: str
    by: str
    via: str
    lines: tuple[Line, ...]
    answered: int
    removals: int = 0
    waiting: int = 0
    waiting_removals: int = 0
    comment: str = ""
    review: str = ""
    page_url: str = ""
    not_before: datetime | None = None
    stop_words: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What was done at Meta. `lines`: (headline, what came of it, what to know or to do), the first ones.

    `removed`, `done` and `not_done` count all: people removed, all that is as it was wanted, and the changes
    that somebody must look at.
    """

    to: str = field(repr=False)
    owner_name: str
    hub: str
    workspace: str
    review: str
    lines: tuple[tuple[str, str, tuple[str, ...]], ...]
    head: str
    removed: int = 0
    done: int = 0
    not_done: int = 0


@dataclass(frozen=True, slots=True)
class HeldBack:
    """Known leavers whom something holds back; sent daily while there are any."""

    to: str = field(repr=False)
    owner_name: str
    hub: str
    workspace: str
    lines: tuple[str, ...]
    head: str


@dataclass(frozen=True, slots=True)
class LoginCode:
    """A code for `hubroster login`; it lives `minutes`."""

    to: str = field(repr=False)
    owner_name: str
    workspace: str
    code: str = field(repr=False)
    minutes: int


@dataclass(frozen=True, slots=True)
class ClaimCode:
    """A code to become an Owner of a hub with; `how`: what to run for it. It lives `minutes`."""

    to: str = field(repr=False)
    owner_name: str
    workspace: str
    hub: str
    code: str = field(repr=False)
    how: str
    minutes: int


@dataclass(frozen=True, slots=True)
class TestMail:
    """Shows that mail arrives."""

    __test__ = False  # pytest takes classes of such a name for tests

    to: str = field(repr=False)
    workspace: str


Letter = Proposal | Receipt | Result | HeldBack | LoginCode | ClaimCode | TestMail
