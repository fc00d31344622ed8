"""Choosing rows of an ad account's activity log (meta-graph-api.md §1.6)."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from deployments.sandbox.graph import errors

# §1.6: the categories; which event belongs to which is an assumption, beyond ACCOUNT for user events.
CATEGORIES = (
    "ACCOUNT",
    "AD",
    "AD_KEYWORDS",
    "AD_SET",
    "AUDIENCE",
    "BID",
    "BUDGET",
    "CAMPAIGN",
    "DATE",
    "STATUS",
    "TARGETING",
)


def activity_rows(rows: Iterable[dict[str, object]], filters: Mapping[str, str]) -> list[dict[str, object]]:
    """Return the rows between since and until, of one category, object and actor, in the log's order."""
    since, until = _moment(filters, "since"), _moment(filters, "until")
    category = filters.get("category")
    if category is not None and category not in CATEGORIES:
        raise errors.bad_parameter("category", f"one of {', '.join(CATEGORIES)}")
    return [
        row
        for row in rows
        if (since is None or _event_time(row) >= since)
        and (until is None or _event_time(row) <= until)
        and (category is None or _category(row) == category)
        and filters.get("oid") in (None, row.get("object_id"))
        and filters.get("uid") in (None, row.get("actor_id"))
    ]


def _category(row: Mapping[str, object]) -> str:
    event = str(row.get("event_type", ""))
    for prefix, category in (
        ("ad_account_", "ACCOUNT"),
        ("update_campaign", "CAMPAIGN"),
        ("update_ad_set", "AD_SET"),
    ):
        if event.startswith(prefix):
            return category
    return "AD"


def _event_time(row: Mapping[str, object]) -> datetime:
    return datetime.strptime(str(row["event_time"]), "%Y-%m-%dT%H:%M:%S%z")


def _moment(filters: Mapping[str, str], name: str) -> datetime | None:
    """Read a unix time or an ISO date or time; without a zone it is UTC (assumption)."""
    text = filters.get(name)
    if not text:
        return None
    try:
        if text.isdigit():
            return datetime.fromtimestamp(int(text), UTC)
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        raise errors.bad_parameter(name, "a valid timestamp or date") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
