"""How far this machine's clock is from Meta's, by the `Date` of every answer (design §7)."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from tasks.errors import ClockOff

MOST_OFF_S = 300.0  # a certificate or a token would still pass; times in the warehouse would be wrong

Now = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the time of this machine."""
    return datetime.now(UTC)


class ClockWatch:
    """Compares our clock with Meta's at each answer; `off_s` is the smallest difference, ahead is positive.

    One odd `Date` among right ones is an odd answer. None: no answer had one, so nothing is known.
    """

    def __init__(self, now: Now) -> None:
        self._now = now
        self.off_s: float | None = None

    def note(self, headers: Mapping[str, str]) -> None:
        """Take the `Date` of an answer that has just come; one that is no date says nothing."""
        try:
            sent_at = parsedate_to_datetime(headers.get("date", ""))
            off_s = (self._now() - sent_at.replace(tzinfo=sent_at.tzinfo or UTC)).total_seconds()
        except (ValueError, OverflowError):
            return
        if self.off_s is None or abs(off_s) < abs(self.off_s):
            self.off_s = off_s

    def require_right(self) -> None:
        """Raise ClockOff when every answer says that our clock is wrong."""
        if self.off_s is not None and abs(self.off_s) > MOST_OFF_S:
            way = "ahead of" if self.off_s > 0 else "behind"
            raise ClockOff(
                f"this machine's clock is {_duration(abs(self.off_s))} {way} Meta's; nothing was written:"
                " set it (NTP) and check again"
            )


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    days, hours, minutes = minutes // 1440, minutes % 1440 // 60, minutes % 60
    parts = ((days, "d"), (hours, "h"), (minutes, "min"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number)
