"""Members whom nobody in the directory is matched to: one `resolve` each, with the candidates and why."""

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

    `rights` as in `removals`, of the unmatched users.
    """
    open_seats = unmatched(seated.seats).sort_values("member_id")
    options = _options(seated, people, open_seats["stay_id"])
    by_member = rows_by_member(rights)
    proposals = []
    for seat in open_seats.to_dict("records"):
        mine = options.get(seat["stay_id"], [])
        own = by_member.get((seat["kind"], seat["member_id"]), [])
        proposals.append(
            proposal("resolve", ground, seat, persons=[option["person"] for option in mine], rights=own)
            | {"reason": plain_value(seat["reason"]), "candidates": mine}
        )
    return proposals


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
