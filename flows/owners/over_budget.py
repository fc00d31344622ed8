"""To go over the budget of 24 hours once: one Owner asks, another says yes, for one report and one date."""

from datetime import date
from zoneinfo import ZoneInfo

from flows.opening.ledger import ledger_of
from flows.owners.requesting import Asking, Requested, request
from flows.owners.seat_of import ActionRefused
from flows.settings import Settings
from matching.review.standing import open_review
from matching.review.wanted import OVER_BUDGET


def ask_over_budget(settings: Settings, label: str, on: date, reason: str) -> Requested:
    """Ask that what the open review's report proposes may go over the budgets on one date.

    Answers to it are given as ever; min_admins and all other safeguards stay. Raises ActionRefused.
    """
    today = settings.now().astimezone(ZoneInfo(settings.workspace.timezone)).date()
    if on < today:
        raise ActionRefused(f"{on} is over; nothing was asked: give a date from {today} on")
    with ledger_of(settings) as ledger, ledger.reading() as book:
        review = open_review(book.entries(hub=label), label)
    if review is None:
        raise ActionRefused(f"no review of {label} is open, so there is nothing to let over the budget")
    removals = sum(one.kind == "remove" for one in review.asked.values())
    asked_for = Asking(
        kind=OVER_BUDGET,
        member={"kind": "hub", "member_id": "", "role": "", "name": "", "email": None},
        stay="",
        about=(),
        role="",
        address="",
        grants=(),
        shown={"removals": str(removals), "on": on.isoformat()},
        digest=review.digest,
        on=on.isoformat(),
    )
    return request(settings, label, [asked_for], reason)[0]
