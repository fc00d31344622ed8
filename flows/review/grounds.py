"""What a review rests on: the report that it was opened with, as it was then."""

from typing import Any

from flows.settings import Settings
from tasks.errors import HubrosterError, InputError
from tasks.reports import is_intact, read_report

LOST = "report_lost"


class ReportLost(HubrosterError):
    """The report of a review was altered or deleted: nobody can be shown what he says yes to."""


def report_of(settings: Settings, report: str, review: str) -> dict[str, Any]:
    """Return the report of a review. Raises ReportLost when its file is gone, or is not what was written."""
    try:
        return read_report(settings.home, report)
    except (InputError, ValueError):
        raise ReportLost(
            f"the report that review {review} rests on was altered or deleted: nothing is done on it, and "
            "the next check asks anew"
        ) from None


def is_lost(settings: Settings, report: str) -> bool:
    """Say whether a report can't be shown as it was."""
    return not is_intact(settings.home, report)
