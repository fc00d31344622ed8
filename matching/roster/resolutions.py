"""Members whom nobody in the directory is matched to: one `resolve` each, with the candidates and why."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from matching.roster.proposals import Ground, persons_of, plain_value, proposal, rows_by_member
from matching.roster.seats import Seated


def unmatched(seats: pd.DataFrame) -> pd.DataFrame:
    """Return the seats of users whom nobody in the directory is matched to."""
    return seats[(seats["tab"] == "unmatched") & (seats["kind"] == "user")]


def resolutions(
    seated: Seated, people: pd.DataFrame, rights: pd.DataFrame, ground: Ground
) -> list[dict[str, Any]]:
    """Return one proposal per unmatched user: match, remove or exempt; with candidates and their evidence.

    `maybe_left` says that it could well be somebody who left the company: those come first, and invitations
    that nobody is matched to are among them. `rights` as in `removals`, of the unmatched users. While a
    source of the directory was never accepted nobody can be called a stranger, and there are none.
    """
    if ground.unknown_sources:
        return []
    seats = seated.seats
    invited = (seats["kind"] == "pending") & (seats["outcome"] != "matched")
    open_invitations = seats[invited & (seats["status"].fillna("") != "EXPIRED")]
    open_seats = pd.concat([unmatched(seats), open_invitations])
    options = _options(seated, people, open_seats["stay_id"])
    by_member = rows_by_member(rights)
    proposals = []
    for seat in open_seats.to_dict("records"):
        mine = options.get(seat["stay_id"], [])
        own = by_member.get((seat["kind"], seat["member_id"]), [])
        maybe_left = _maybe_left(seat["reason"], mine)
        if seat["kind"] == "user" or maybe_left:
            proposals.append(
                proposal("resolve", ground, seat, persons=[option["person"] for option in mine], rights=own)
                | {"reason": plain_value(seat["reason"]), "maybe_left": maybe_left, "candidates": mine}
            )
    return sorted(proposals, key=lambda p: (not p["maybe_left"], p["member"]["member_id"]))


def _maybe_left(reason: str, options: Sequence[dict[str, Any]]) -> bool:
    """Say whether somebody who left is named by an address, or not much less likely than the best."""
    return any(
        option["person"]["status"] == "deprovisioned"
        and (reason == "ambiguous_address" or option["posterior"] * 2 >= options[0]["posterior"])
        for option in options
    )


def _options(seated: Seated, people: pd.DataFrame, stays: pd.Series) -> dict[str, list[dict[str, Any]]]:
    shown = seated.candidates[seated.candidates["stay_id"].isin(stays)]
    evidence = seated.evidence_of(stays)
    persons = persons_of(people, shown["person_id"])
    found: dict[str, list[dict[str, Any]]] = {}
    for row in shown.sort_values(["stay_id", "rank"]).to_dict("records"):
        stay, rank = row["stay_id"], int(row["rank"])
        found.setdefault(stay, []).append(
            {
                "rank": rank,
                "posterior": float(row["posterior"]),
                "score": float(row["score"]),
                "person": persons[row["person_id"]],
                "evidence": evidence.get((stay, rank), []),
            }
        )
    return found
