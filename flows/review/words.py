"""What a review is called, and what became of a change, where people see it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from matching.review.standing import AT_META

GONE = AT_META  # what it was asked for is so, at Meta

CARRIED_OUT = {"done": "done", "already_done": "was so already"}
OUTCOMES = {
    "done": "removed",
    "already_done": "was gone already",
    "stale": "not done: things have changed",
    "withdrawn": "not done: stopped",
    "lapsed": "not done: too late",
    "refused": "not done: Meta refused",
    "blocked": "not done: held back",
    "unknown": "nobody knows yet",
    "manual": "to be done by hand",
}


def outcome_words(outcome: str, kind: str) -> str:
    """Return what became of a change of this kind, as people read it."""
    takes = kind in ("remove", "resolve", "re_review", "remove_member")
    return OUTCOMES[outcome] if takes or outcome not in CARRIED_OUT else CARRIED_OUT[outcome]


def run_name(label: str, proposals: Sequence[Mapping[str, Any]], expires_at: datetime, zone: ZoneInfo) -> str:
    """Return what a review is called where people see it: "Review acme: 2 removals, by 8 Dec"."""
    removals = sum(p.get("was", p["kind"]) == "remove" for p in proposals)
    others = len(proposals) - removals
    parts = [counted(removals, "removal")] if removals else []
    parts += [counted(others, "open question")] if others else []
    by = expires_at.astimezone(zone) - timedelta(minutes=1)
    return f"Review {label}: {', '.join(parts) or 'nothing open'}, by {by.day} {by:%b}"


def counted(count: int, noun: str) -> str:
    """Return `1 removal`, `3 removals` or `2,000 entries`."""
    many = f"{noun[:-1]}ies" if noun.endswith("ry") else f"{noun}s"
    return f"{count:,} {noun if count == 1 else many}"
