"""Members whom nobody in the directory is matched to: one `resolve` each, with the candidates and why."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from matching.roster.consequences import consequences, last_in_control
from matching.roster.proposals import Ground, persons_of, plain_value, proposal, rows_by_member
from matching.roster.removals import active_admins, is_read, leavers
from matching.roster.safeguards import FULL_CONTROL, nobody_left, too_few_admins
from matching.roster.seats import Seated


def unmatched(seats: pd.DataFrame) -> pd.DataFrame:
    """Return the seats of users whom nobody in the directory is matched to."""
    return seats[(seats["tab"] == "unmatched") & (seats["kind"] == "user")]


def resolutions(
    seated: Seated, people: pd.DataFrame, rights: pd.DataFrame, controllers: pd.DataFrame, ground: Ground
) -> list[dict[str, Any]]:
    """Return one proposal per unmatched user: match, remove or exempt; with candidates and their evidence.

    `maybe_left` says that it could well be somebody who left the company: those come first, and invitations
    that nobody is matched to are among them. `rights` as in `removals`, of the unmatched users, and
    `controllers` of their assets; `if_removed` are the sentences that would hold a removal back. While a
    source of the directory was never accepted nobody can be called a stranger, and there are none.
    """
    if ground.unknown_sources:
        return []
    seats = seated.seats
    invited = (seats["kind"] == "pending") & (seats["outcome"] != "matched") & ~seats["is_exempted"]
    open_invitations = seats[invited & (seats["status"].fillna("") != "EXPIRED")]
    open_seats = pd.concat([unmatched(seats), open_invitations])
    options = _options(seated, people, open_seats["stay_id"])
    found = _if_gone(seats, open_seats, rights, controllers, ground)
    by_member, last = rows_by_member(found), rows_by_member(last_in_control(found))
    too_few = too_few_admins(active_admins(seats), _keys(leavers(seats)), ground.min_admins)
    proposals = []
    for seat in open_seats.to_dict("records"):
        mine = options.get(seat["stay_id"], [])
        own = by_member.get((seat["kind"], seat["member_id"]), [])
        maybe_left = _maybe_left(seat["reason"], mine)
        if seat["kind"] == "user" or maybe_left:
            proposals.append(
                proposal("resolve", ground, seat, persons=[option["person"] for option in mine], rights=own)
                | {
                    "reason": plain_value(seat["reason"]),
                    "maybe_left": maybe_left,
                    "candidates": mine,
                    "if_removed": _if_removed(seat, last, too_few),
                }
            )
    return sorted(proposals, key=lambda p: (not p["maybe_left"], p["member"]["member_id"]))


def _if_gone(
    seats: pd.DataFrame,
    open_seats: pd.DataFrame,
    rights: pd.DataFrame,
    controllers: pd.DataFrame,
    ground: Ground,
) -> pd.DataFrame:
    """Return the rights with who would be left: leavers and the unmatched don't cover for anybody."""
    gone = pd.concat([leavers(seats), open_seats])[["kind", "member_id"]].drop_duplicates()
    return consequences(
        rights.assign(hub=ground.hub),
        controllers.assign(is_read=is_read(controllers, ground)),
        gone.rename(columns={"kind": "member_kind"}).assign(hub=ground.hub),
        partners_unseen=ground.partners_unseen,
    )


def _if_removed(
    seat: Mapping[Any, Any], last: Mapping[tuple[str, str], list[dict[str, Any]]], too_few: str | None
) -> list[str]:
    lost = last.get((seat["kind"], seat["member_id"]), [])
    held = (
        too_few if seat["role"] == FULL_CONTROL and seat["kind"] == "user" else None,
        nobody_left(
            [row["asset_name"] or row["asset_id"] for row in lost],
            unknown=any(row["left_with"] == "unknown" for row in lost),
        ),
    )
    return [sentence for sentence in held if sentence]


def _keys(seats: pd.DataFrame) -> set[tuple[str, str]]:
    return set(zip(seats["kind"], seats["member_id"], strict=True))


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
