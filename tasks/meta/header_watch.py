"""What Meta's headers tell beside an answer: the version that served, the share of a limit used (§5, §7)."""

import json
from collections.abc import Mapping

_USAGE = {  # header → where its percents stand
    "x-app-usage": ("call_count", "total_time", "total_cputime"),
    "x-business-use-case-usage": ("call_count", "total_time", "total_cputime"),
    "x-ad-account-usage": ("acc_id_util_pct",),
}


class HeaderWatch:
    """Keeps the newest version, and the highest usage in percent; None as long as no answer told it."""

    def __init__(self) -> None:
        self.version: str | None = None
        self.used_percent: float | None = None

    def note(self, headers: Mapping[str, str]) -> None:
        """Take the headers of an answer that has just come."""
        self.version = headers.get("facebook-api-version") or self.version
        for header, keys in _USAGE.items():
            for key in keys:
                for percent in numbers_under(headers.get(header), key):
                    self.used_percent = max(percent, self.used_percent or 0.0)


def numbers_under(text: str | None, key: str) -> list[float]:
    """Return all numbers under `key`, at whatever depth: the two headers nest differently."""
    try:
        waiting: list[object] = [json.loads(text or "null")]
    except ValueError:
        return []
    numbers: list[float] = []
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            number = value.get(key)
            if isinstance(number, int | float):
                numbers.append(float(number))
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return numbers
