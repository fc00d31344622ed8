"""What Meta's error codes mean for us: what to do, and which error each is (meta-graph-api.md §4)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from tasks.errors import (
    MetaError,
    MetaLimited,
    MetaUnreachable,
    NotVisible,
    PermissionMissing,
    TokenRejected,
    TooMuchData,
)
from tasks.meta.access import Scrubber
from tasks.meta.wire import BUSINESS


class Course(Enum):
    """What to do about a refusal."""

    RETRY = "ask again, a few times"
    WAIT = "ask nothing until the limit is over"
    SHRINK = "ask for less"
    REFUSED = "take the answer: this one thing is refused"
    STOP = "ask nothing more at all"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One refusal: the error to raise if it stays, what to do first, the headers that came with it.

    `said` is what happened without any advice. With `sent` False nothing was sent, so nothing was done.
    """

    course: Course
    error: MetaError
    headers: tuple[Mapping[str, str], ...] = ()
    said: str = ""
    sent: bool = True


@dataclass(frozen=True, slots=True)
class _Rule:
    course: Course
    kind: type[MetaError]
    advice: str = ""


_LATER = "asked several times: check again later"
_RETRY = _Rule(Course.RETRY, MetaUnreachable, _LATER)
_WAIT = _Rule(Course.WAIT, MetaLimited)
_TOKEN = _Rule(Course.STOP, TokenRejected, "make a new token for this hub")
_PERMISSION = _Rule(Course.REFUSED, PermissionMissing)  # what is missing depends on the edge: told() says it
_REFUSED = _Rule(Course.REFUSED, MetaError, "check again later; if it stays, look this code up at Meta")


def _each(codes: Iterable[int], rule: _Rule) -> dict[int, _Rule]:
    return dict.fromkeys(codes, rule)


_BY_CODE: dict[int, _Rule] = {
    # 1 without "reduce the amount", 2, 3912 and 3919 say so themselves; 99 and 960: third-party reports
    **_each((1, 2, 99, 960, 3912, 3919), _RETRY),
    **_each((4, 17, 32, 341, 613), _WAIT),
    **_each(range(80000, 80015), _WAIT),
    **_each((102, 104, 190, 452, 457, 458, 459, 460, 463, 464, 467, 492), _TOKEN),
    3: _Rule(
        Course.REFUSED,
        PermissionMissing,
        "the token's app lacks this capability: raise its access level in Meta's App Dashboard",
    ),
    10: _PERMISSION,
    **_each(range(200, 300), _PERMISSION),
    368: _Rule(
        Course.STOP,
        MetaError,
        "Meta blocked this app or its user: look in Business Support, and check again after a day",
    ),
    803: _Rule(Course.REFUSED, MetaError, "see whether business_id of this hub is right"),
    2500: _Rule(Course.REFUSED, MetaError, "see whether [meta] api_version is one that Meta serves"),
    415: _Rule(
        Course.STOP, TokenRejected, "this business asks for two-factor login: use the token of a system user"
    ),
    2635: _Rule(Course.REFUSED, MetaError, "set [meta] api_version to a version that Meta still serves"),
}

_BY_SUBCODE: dict[tuple[int, int], _Rule] = {
    (100, 33): _Rule(
        Course.REFUSED,
        NotVisible,
        "gone, or out of this token's sight: assign it to the token's system user, or install the app for it",
    ),
    (190, 458): _Rule(
        Course.STOP, TokenRejected, "install the app for this system user again, and make a new token"
    ),
    (190, 459): _Rule(Course.STOP, TokenRejected, "the token's owner must log in at facebook.com once"),
    (190, 460): _Rule(Course.STOP, TokenRejected, "the password changed: make a new token"),
    (190, 463): _Rule(Course.STOP, TokenRejected, "the token has expired: make a new one"),
}

_PROOF = _Rule(Course.STOP, TokenRejected, "set app_secret of this hub to the secret of the token's app")
_SHRINK = _Rule(Course.SHRINK, TooMuchData, "asked for less and less: check again later")
# §3: "some edges may have a maximum" of `limit`; neither it nor its wording is known, so any refusal that
# speaks of that parameter. "The After Cursor … exceeds the max limit supported" doesn't.
_LIMIT_REFUSED = re.compile(
    r"(?:param(?:eter)?|argument|value (?:of|for))[\s:'\"`(\[]*limit\b"
    r"|\blimit['\"`]?,? (?:must|should|can|may|is|has|value|param|exceeds|too|of \d)",
    re.IGNORECASE,
)


def refusal(
    error: object, status: int, scrub: Scrubber, headers: tuple[Mapping[str, str], ...] = ()
) -> Refusal:
    """Return what an `error` means. The code decides; the HTTP status only where no rule knows it."""
    facts = error if isinstance(error, dict) else {"message": str(error)}
    code, subcode = _number(facts.get("code")), _number(facts.get("error_subcode"))
    words = str(facts.get("message") or facts.get("error_user_msg") or "no reason given")
    trace = facts.get("fbtrace_id")
    rule = _rule(code, subcode, words, transient=facts.get("is_transient") is True or status >= 500)
    said = f"Meta: {scrub.clean(words).rstrip('.')}"
    text = "; ".join(filter(None, (said, rule.advice)))
    found = rule.kind(text, code, subcode, scrub.clean(str(trace)) if trace else None)
    return Refusal(rule.course, found, headers, said)


def lost(what: str, headers: Mapping[str, str] | None = None, *, sent: bool = True) -> Refusal:
    """Return the outcome of an answer that can't be used: ask again. Not `sent`: nothing had gone out."""
    said = f"Meta sent {what}"
    came = (headers,) if headers else ()
    return Refusal(Course.RETRY, MetaUnreachable(f"{said}; {_LATER}"), came, said, sent)


def _rule(code: int | None, subcode: int | None, words: str, *, transient: bool) -> _Rule:
    if code == 1 and "reduce the amount" in words.lower():
        return _SHRINK
    if code == 100 and subcode is None and _LIMIT_REFUSED.search(words):
        return _SHRINK
    if code == 100 and "appsecret_proof" in words:
        return _PROOF
    special = _BY_SUBCODE.get((code or 0, subcode or 0)) or _BY_CODE.get(code or 0)
    return special or (_RETRY if transient else _REFUSED)


def _number(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return int(value) if isinstance(value, str) and value.isdecimal() and value.isascii() else None


def told(error: MetaError, needs: str = BUSINESS) -> str:
    """Return the line for an edge that can't be read; `needs` are the permissions that reading it takes."""
    if isinstance(error, PermissionMissing) and error.code != 3:
        advice = f"the token needs {needs}, and its system user access to what is asked for"
        error = PermissionMissing(f"{error.message}; {advice}", error.code, error.subcode, error.trace_id)
    return str(error)


_NAMED = re.compile(
    r"(?:nonexisting field|Unknown fields?:?|can't access field)[^\w]*([\w, ]+)", re.IGNORECASE
)


def refused_fields(error: MetaError) -> frozenset[str]:
    """Return the names that Meta says the node doesn't have (§3: two wordings are known), or none."""
    found = _NAMED.search(error.message) if error.code == 100 else None
    return frozenset(re.findall(r"\w+", found.group(1))) if found else frozenset()
