"""What Owners decided about the seats of a hub, as a check takes it: who is whom, exempted, kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from matching.roster.canonical import change_id, subject_key

KEPT_FOR = timedelta(days=30)
PAIRS = ["kind", "stay_id", "person_id", "evidence"]
Right = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Exemption:
    """One seat that an Owner exempted: never a new Meta id, and never more rights than it had then.

    `rights`: (asset kind, asset id, task) each. `after_leaving`: the person had left when it was given.
    `money`: the finance permission, None where the ledger doesn't say.
    """

    kind: str
    member_id: str
    given_at: datetime
    until: datetime
    role: str
    rights: frozenset[Right]
    after_leaving: bool
    money: str | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """All decisions that a check goes by.

    `pairs`: one row per decided link or rejection, PAIRS (design §8). `kept`: subject → (evidence, when) of
    what an Owner said no to. `linked_at`: (stay, person) → when an Owner said that it is this person.
    """

    pairs: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=PAIRS, dtype="object"))
    exemptions: tuple[Exemption, ...] = ()
    kept: Mapping[str, tuple[str, datetime]] = field(default_factory=dict)
    linked_at: Mapping[tuple[str, str], datetime] = field(default_factory=dict)


def exempted(
    seats: pd.DataFrame, grants: pd.DataFrame, exemptions: Sequence[Exemption], now: datetime
) -> pd.Series:
    """Say for each seat whether an exemption is in force.

    `seats`: kind, member_id, role, finance_permission, person_status, person_left_at; `grants`: one row per
    grant of the exempted seats: member_kind, member_id, asset_kind, asset_id, tasks. It ends with its date,
    with a departure that came after it, with another role, a finance permission that the seat hadn't, and
    when the seat may do anything more than it could.
    """
    by_seat = {(e.kind, e.member_id): e for e in exemptions if now < e.until}
    rights: dict[tuple[str, str], set[Right]] = {}
    for row in grants.to_dict("records"):
        mine = rights.setdefault((row["member_kind"], row["member_id"]), set())
        mine |= {(row["asset_kind"], row["asset_id"], str(task)) for task in row["tasks"]}
    found = []
    names = ("kind", "member_id", "role", "finance_permission", "person_status", "person_left_at")
    for kind, member_id, role, money, status, left_at in zip(*(seats[name] for name in names), strict=True):
        given = by_seat.get((kind, member_id))
        found.append(
            given is not None
            and (
                status != "deprovisioned"
                or (given.after_leaving and (pd.isna(left_at) or given.given_at >= left_at))
            )
            and given.role == ("" if pd.isna(role) else str(role))
            and (given.money is None or pd.isna(money) or str(money) in ("", given.money))
            and rights.get((kind, member_id), set()) <= given.rights
        )
    return pd.Series(found, index=seats.index, dtype="bool")


def without_kept(
    proposals: Sequence[dict[str, Any]],
    kept: Mapping[str, tuple[str, datetime]],
    hub: str,
    now: datetime,
    *,
    left_at: Mapping[str, datetime] | None = None,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return what is asked, and what an Owner said no to already.

    A no holds while the facts are the same, and for 30 days: then it is asked again, as `re_review`. Of who
    came back and left once more (`left_at`: person_id → when) it was about another departure.
    """
    asked, staying = [], []
    for proposal in proposals:
        evidence, at = kept.get(proposal["subject"], ("", now))
        departed = (left_at or {}).get(proposal.get("person", {}).get("person_id"), at)
        if evidence != proposal["evidence"] or at < departed:
            asked.append(proposal)
        elif now - at < KEPT_FOR:
            staying.append(proposal | {"kept_at": at.isoformat(timespec="seconds")})
        else:
            asked.append(_again(proposal, hub, at))
    return asked, staying


def _again(proposal: dict[str, Any], hub: str, at: datetime) -> dict[str, Any]:
    subject = subject_key("re_review", hub, proposal["subject"], at.isoformat())
    return proposal | {
        "kind": "re_review",
        "was": proposal["kind"],
        "base": proposal["subject"],
        "kept_at": at.isoformat(timespec="seconds"),
        "subject": subject,
        "id": change_id(subject, proposal["evidence"]),
    }
