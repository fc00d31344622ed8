"""How long to wait: Meta's usage headers, a ladder where they say nothing, one gate for all requests."""

import random
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from tasks.errors import MetaError, MetaLimited
from tasks.meta.header_watch import numbers_under
from tasks.meta.refusals import Refusal

LADDER_S = (
    60.0,
    120.0,
    300.0,
)  # Meta may leave the headers out (§5), and a rejected call may prolong the block
LONGEST_S = 365 * 86400.0  # what is said beyond it is nonsense, and no date

Sleep = Callable[[float], Awaitable[None]]


def retry_pause_s(tries: int) -> float:
    """Return the pause after so many failed tries: 0.5 s after the first, doubled each time, and jitter."""
    return float(0.5 * 2 ** (tries - 1) * random.uniform(1.0, 1.25))  # noqa: S311 - no secret


def wait_from(headers: Mapping[str, str]) -> float | None:
    """Return how many seconds the headers of a refusal ask to wait, or None when they don't say.

    §5: `estimated_time_to_regain_access` counts minutes, `reset_time_duration` seconds. The longest holds,
    that of `retry_after_s` included.
    """
    found = {name.lower(): value for name, value in headers.items()}
    waits = [
        60.0 * m
        for m in numbers_under(found.get("x-business-use-case-usage"), "estimated_time_to_regain_access")
    ]
    waits += numbers_under(found.get("x-ad-account-usage"), "reset_time_duration")
    waits.append(retry_after_s(found) or 0.0)
    return max((wait for wait in waits if wait > 0), default=None)


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Return how many seconds `Retry-After` asks to wait, or None: Meta's pages don't name it, HTTP does.

    It holds seconds or a date (RFC 9110, 10.2.3); a date is counted from that of the answer, since our clock
    may be wrong.
    """
    found = {name.lower(): value.strip() for name, value in headers.items()}
    asked = found.get("retry-after", "")
    if asked.isascii() and asked.isdigit():
        return float(asked) or None
    until, sent = _moment(asked), _moment(found.get("date", ""))
    wait = (until - (sent or datetime.now(UTC))).total_seconds() if until else 0.0
    return wait if wait > 0 else None


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


class Gate:
    """The gate that all requests of a session pass: closed while Meta limits us, shut for good on a stop."""

    def __init__(self, wait_s: float, say: Callable[[str], None], sleep: Sleep) -> None:
        self._left_s, self._say, self._sleep = wait_s, say, sleep
        self.waited_s = 0.0  # for limits, the wait that lasts included
        self._until = 0.0  # monotonic; 0 is open
        self.shut_by: MetaError | None = None
        self.closings = 0  # what a request read here when it passed tells a new limit from one already known

    async def passage(self) -> int:
        """Wait until the gate is open; return `closings`. Raise what shut it, if something did."""
        while self.shut_by is None and (wait := self._until - time.monotonic()) > 0:
            until = self._until
            await self._sleep(wait)
            if self._until == until:
                self._until = 0.0
        if self.shut_by is not None:
            raise _copy(self.shut_by)
        return self.closings

    def shut(self, error: MetaError) -> None:
        """Let nothing pass any more; everybody gets this error."""
        self.shut_by = self.shut_by or error

    def close(self, refused: Refusal, passed_at: int) -> None:
        """Close for as long as Meta asks; raise MetaLimited, and shut, when that is longer than allowed."""
        asked = max((w for w in map(wait_from, refused.headers) if w is not None), default=None)
        if asked is None and passed_at < self.closings:
            return  # it was under way when another answer closed the gate: the same limit
        if passed_at == self.closings:
            self.closings += 1
        wait = LADDER_S[min(self.closings, len(LADDER_S)) - 1] if asked is None else min(asked, LONGEST_S)
        now = time.monotonic()
        more = now + wait - max(now, self._until)
        if more <= 0:
            return
        until = _clock_time(wait)
        if more > self._left_s:
            error = refused.error
            self.shut(
                MetaLimited(
                    f"{refused.said or error.message}; that lasts longer than [meta] wait_s: check again "
                    f"after {until}",
                    error.code,
                    error.subcode,
                    error.trace_id,
                )
            )
            return
        self._left_s -= more
        self.waited_s += more
        self._until = now + wait
        why = (
            f"limits our calls ({refused.error.code})" if refused.error.code else "asks us to come back later"
        )
        self._say(f"Meta {why}: waiting {_duration(wait)}, until {until}")


def _copy(error: MetaError) -> MetaError:
    """Return an equal error of its own: one raised in many tasks would gather all their tracebacks."""
    return type(error)(error.message, error.code, error.subcode, error.trace_id)


def _clock_time(wait_s: float) -> str:
    return f"{datetime.now(UTC) + timedelta(seconds=wait_s):%Y-%m-%d %H:%M:%S} UTC"


def _duration(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 120 else f"{seconds:.0f} s"
