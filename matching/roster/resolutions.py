"""Members whom nobody in the directory is matched to: one `resolve` each, with the candidates and why."""

from typing import Any

import pandas as pd

from matching.roster.proposals import Ground, persons_of, plain, plain_value, proposal, rows_by_member


def unmatched(seats: pd.DataFrame) -> pd.DataFrame:
    """Return the seats of users whom nobody in the directory is matched to."""
    return seats[(seats["tab"] == "unmatched") & (seats["kind"] == "user")]


def resolutions(
    seats: pd.DataFrame,
    people: pd.DataFrame,
    rights: pd.DataFrame,
    candidates: pd.DataFrame,
    evidence: pd.DataFrame,
    ground: Ground,
) -> list[dict[str, Any]]:
    """Return one proposal per unmatched user: match, remove or exempt; with candidates and their evidence.

    `rights` as in `removals`, of the unmatched users; `candidates` and `evidence` as `Seated` has them.
    """
    open_seats = unmatched(seats).sort_values("member_id")
    shown = candidates[candidates["stay_id"].isin(open_seats["stay_id"])]
    proof = evidence[evidence["stay_id"].isin(open_seats["stay_id"])]
    persons = persons_of(people, shown["person_id"])
    by_pair: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for row in proof.to_dict("records"):
        pair = (row.pop("stay_id"), row.pop("rank"))
        row.pop("person_id")
        by_pair.setdefault(pair, []).append(plain(row))
    by_stay: dict[str, list[dict[str, Any]]] = {}
    for row in shown.sort_values(["stay_id", "rank"]).to_dict("records"):
        stay, rank = row["stay_id"], row["rank"]
        by_stay.setdefault(stay, []).append(
            {
                "rank": int(rank),
                "posterior": float(row["posterior"]),
                "score": float(row["score"]),
                "person": persons[row["person_id"]],
                "evidence": by_pair.get((stay, rank), []),
            }
        )
    by_member = rows_by_member(rights)
    proposals = []
    for seat in open_seats.to_dict("records"):
        options = by_stay.get(seat["stay_id"], [])
        own = by_member.get((seat["kind"], seat["member_id"]), [])
        proposals.append(
            proposal("resolve", ground, seat, persons=[o["person"] for o in options], rights=own)
            | {"reason": plain_value(seat["reason"]), "candidates": options}
        )
    return proposals
