"""What people see of the questions of a review: proposals of its report, and what Owners asked for."""

import json
from collections.abc import Sequence
from typing import Any

from flows.review.grounds import report_of
from flows.settings import Settings
from matching.review.asked import Asked
from matching.review.requests import REQUESTED
from matching.review.standing import Review
from tasks.ledger.book import Book
from tasks.ledger.entry import Entry

Shown = dict[str, Any]


def proposals_of(settings: Settings, book: Book, rows: Sequence[Entry], review: Review) -> dict[str, Shown]:
    """Return change id → what is shown, of every question of a review, in the order in which it asks them.

    Raises ReportLost when the report of the review is not what it was.
    """
    report = report_of(settings, review.report, review.id)
    found = {proposal["id"]: proposal for proposal in report["proposals"]}
    found |= shown_requests(book, rows, [one for one in review.asked.values() if one.wanted])
    return {change: found[change] for change in review.asked if change in found}


def shown_requests(book: Book, rows: Sequence[Entry], asked: Sequence[Asked]) -> dict[str, Shown]:
    """Return what is shown of requests; of one whose names were erased the ids, which the chain keeps."""
    refs = {row.payload["asked"]["id"]: row.payload["shown"] for row in rows if row.kind == REQUESTED}
    texts = book.named([refs[one.id] for one in asked if one.id in refs])
    found = {}
    for one in asked:
        words = texts.get(refs.get(one.id, ""), {}).get("words")
        found[one.id] = json.loads(words) if words else _bare(one)
    return found


def _bare(asked: Asked) -> Shown:
    wanted = asked.wanted
    grants = wanted.grants if wanted else ()
    return {
        "id": asked.id,
        "kind": asked.kind,
        "subject": asked.subject,
        "evidence": asked.evidence,
        "stay": asked.stay,
        "member": {
            "kind": asked.member_kind,
            "member_id": asked.member_id,
            "name": "",
            "email": "",
            "role": asked.role,
        },
        "rights_known": True,
        "rights": [],
        "request": {
            "role": wanted.role if wanted else "",
            "assets": [
                {"asset_kind": kind, "asset_id": asset, "asset_name": None, "tasks": list(tasks)}
                for kind, asset, tasks in grants
            ],
        },
    }
