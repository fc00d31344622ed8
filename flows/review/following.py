"""What an answer comes to, written in the same transaction: approved, kept, matched, excepted, declined."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flows.review.closing import PROGRAM
from flows.review.overriding import override
from flows.review.owner_roles import change_owners
from matching.review.approvals import APPROVED
from matching.review.asked import DONT, EXEMPT, KEEP, MATCH, YES
from matching.review.decisions import EXEMPTED, KEPT, MATCHED, TAKEN_BACK
from matching.review.requests import REQUEST_ENDED
from matching.review.standing import Review, Verdict
from matching.review.wanted import OF_OWNERS, OVER_BUDGET
from tasks.ledger.book import Book

EXEMPT_DAYS = 90  # where an Owner names no date


def take_back(
    book: Book, review: Review, change: str, verdict: Verdict, held: Sequence[tuple[int, str]]
) -> None:
    """End what earlier answers came to, where they come to something else by now."""
    answer = MATCH if verdict.state.startswith(MATCH) else verdict.state
    still = {KEEP: KEPT, EXEMPT: EXEMPTED, MATCH: MATCHED}.get(answer)
    if ends := [seq for seq, kind in held if kind != still]:
        payload = {"review": review.id, "change": change, "ends": ends}
        book.append(TAKEN_BACK, hub=review.hub, actor=PROGRAM, identified_by="answers", payload=payload)


def follow(
    book: Book,
    review: Review,
    change: str,
    verdict: Verdict,
    proposal: Mapping[str, Any],
    not_before: datetime,
) -> bool:
    """Write what a verdict means; say whether something will be changed at Meta."""
    asked = review.asked[change]
    base = {
        "review": review.id,
        "change": change,
        "stay": asked.stay,
        "member_kind": asked.member_kind,
        "member_id": asked.member_id,
        "by": list(verdict.by),
    }
    kind, more = "", dict[str, Any]()
    if verdict.state == KEEP:
        kind, more = KEPT, {"subject": asked.base, "evidence": asked.evidence}
    elif verdict.state == EXEMPT:
        kind, more = EXEMPTED, _exemption(book, proposal)
    elif verdict.state.startswith(MATCH):
        rank = int(verdict.state.removeprefix(MATCH))
        kind, more = MATCHED, {"person": asked.persons[rank - 1]}
    elif verdict.state == DONT:
        kind, more = REQUEST_ENDED, {"state": "declined"}
    elif asked.wanted and asked.wanted.kind in OF_OWNERS:
        return change_owners(book, review.hub, asked.wanted, base)
    elif asked.wanted and asked.wanted.kind == OVER_BUDGET:
        return override(book, review.hub, asked.wanted, base)
    elif verdict.state in YES:
        kind = APPROVED
        assert verdict.complete_at is not None  # noqa: S101, a complete verdict has one
        more = {
            "asked": asked.as_payload(),
            "complete_at": verdict.complete_at.isoformat(),
            "not_before": not_before.isoformat(),
        }
    book.append(kind, hub=review.hub, actor=PROGRAM, identified_by="answers", payload=base | more)
    return kind == APPROVED


def _exemption(book: Book, proposal: Mapping[str, Any]) -> dict[str, Any]:
    """Return an exemption, frozen to what the member may do now."""
    member = proposal["member"]
    rights = [(r["asset_kind"], r["asset_id"], task) for r in proposal["rights"] for task in r["tasks"]]
    left = any(person.get("status") == "deprovisioned" for person in [proposal.get("person") or {}])
    return {
        "until": (book.now + timedelta(days=EXEMPT_DAYS)).isoformat(),
        "role": str(member["role"] or ""),
        "money": str(member["finance_permission"] or ""),
        "rights": sorted(list(right) for right in rights),
        "after_leaving": left,
    }
