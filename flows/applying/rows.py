"""What `apply` writes of a change, and what it sends to Meta for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from matching.review.approvals import Approval
from matching.review.asked import Asked
from matching.review.still_right import is_demotion
from tasks.meta.change import Called, Change, Proof

BY_APPLY = "apply"
NOT_SENT = "nobody knows whether Meta was asked, and it is as it was: answer again if it should be done"
NOT_THEIRS = "who approved it is not an Owner who may, any more: another must answer"
_ADDS = ("invite", "restore", "grant")


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one approved change, and a sentence on what to do next.

    outcome: done, already_done, stale, withdrawn, lapsed, refused, blocked, unknown or manual.
    """

    change: str
    member_id: str
    outcome: str
    reason: str
    kind: str = "remove"


def is_add(asked: Asked) -> bool:
    """Say whether it gives something: these come before what takes, as they may be what makes taking safe."""
    wanted = asked.wanted
    return bool(wanted and (wanted.kind in _ADDS or (wanted.kind == "set_role" and not is_demotion(asked))))


def takes_seat(asked: Asked) -> bool:
    """Say whether it takes a person's seat, which the budget of removals counts."""
    return asked.member_kind == "user" and (asked.wanted is None or asked.wanted.kind == "remove_member")


def change_of(asked: Asked, address: str) -> Change:
    """Return the one call for a change; `address` is whom it invites, or had invited."""
    wanted = asked.wanted
    if wanted is None or wanted.kind == "remove_member":
        kind = "remove" if asked.member_kind == "user" else "cancel_invitation"
        return Change(kind, asked.member_kind, asked.member_id, address=address)
    if wanted.kind in ("invite", "restore"):
        return Change(kind="invite", member_kind="user", member_id="", address=address, role=wanted.role)
    if wanted.kind == "set_role":
        return Change("set_role", asked.member_kind, asked.member_id, role=wanted.role)
    asset_kind, asset_id, tasks = wanted.grants[0]
    return Change(
        wanted.kind,
        asked.member_kind,
        asked.member_id,
        asset_kind=asset_kind,
        asset_id=asset_id,
        tasks=tasks,
    )


def intention(approval: Approval, had: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row that stands before the call: with it the call is made once at most."""
    asked, change = approval.asked, change_of(approval.asked, "")
    row = {
        "approval": approval.seq,
        "review": approval.review,
        "change": asked.id,
        "call": change.kind,
        "member_kind": asked.member_kind,
        "member_id": asked.member_id,
        "role": asked.role,
        "had": dict(had),
    }
    return row | {"asset_kind": change.asset_kind} if change.asset_kind else row


def new_id(asked: Asked, called: Called | None, proof: Proof) -> str:
    """Return the id that Meta gave what was invited, empty for other changes."""
    if asked.wanted is None or asked.wanted.kind not in ("invite", "restore") or proof.state != "proven":
        return ""
    return (called.meta_id if called else "") or proof.member_id
