"""The row that says what came of an approved change."""

from typing import Any

from matching.review.approvals import Approval

WITHDRAWN = "an Owner said stay before it was done"


def result(approval: Approval, state: str, reason: str, meta_id: str = "") -> dict[str, Any]:
    """Return the row that says what came of it; `meta_id` is a new invitation's."""
    asked = approval.asked
    row = {
        "approval": approval.seq,
        "review": approval.review,
        "change": asked.id,
        "stay": asked.stay,
        "member_kind": asked.member_kind,
        "member_id": asked.member_id,
        "outcome": state,
        "reason": reason,
    }
    return row | {"meta_id": meta_id} if meta_id else row
