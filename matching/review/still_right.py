"""Whether what an Owner asked for may still be done, by facts that were read just now (design §9, §10)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from matching.review.asked import Asked
from matching.roster.consequences import consequences, last_in_control
from matching.roster.proposals import Ground
from matching.roster.removals import active_admins, is_read, leavers
from matching.roster.resolutions import unmatched
from matching.roster.safeguards import FULL_CONTROL, nobody_left, too_few_admins

Key = tuple[str, str]
GO, WAIT = ("go", ""), ("", "")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a fresh reading says.

    `seats`: one row per seat, with role, person and tab. `rights`: one row per grant of the members that are
    asked about. `controllers`: of the assets in it. `assets`: (kind, id) of all that the hub sees.
    """

    seats: pd.DataFrame
    rights: pd.DataFrame
    controllers: pd.DataFrame
    assets: Collection[Key]
    ground: Ground


def still_right(
    asked: Asked, address: str, persons: Collection[str], batch: Sequence[Asked], facts: Facts
) -> tuple[str, str]:
    """Return go, stale or blocked with the reason; nothing where the reading was too poor to say.

    `address`: whom to invite. `persons`: ids of those whose seat it was or could be when it was asked for.
    `batch`: all that is to be done together: two changes that are harmless alone may not be so together.
    """
    wanted = asked.wanted
    if wanted is None:
        raise ValueError("nobody asked for it")
    if facts.ground.unread_listings:
        return WAIT
    if wanted.kind in ("invite", "restore"):
        return _may_invite(address, facts.seats)
    found = facts.seats[
        (facts.seats["kind"] == asked.member_kind) & (facts.seats["member_id"] == asked.member_id)
    ]
    if found.empty:
        return "stale", "the member is not in the hub any more, and nothing was done"
    seat = {str(name): value for name, value in found.iloc[0].to_dict().items()}
    if isinstance(seat["person_id"], str) and seat["person_id"] not in persons:
        return "stale", "the seat is taken for somebody else by now: look again, and ask anew"
    if wanted.kind in ("grant", "set_role"):
        return _may_give(asked, seat, batch, facts)
    return _may_take(asked, seat, batch, facts)


def is_demotion(asked: Asked) -> bool:
    """Say whether it takes Full control from somebody who stays."""
    wanted = asked.wanted
    return bool(wanted and wanted.kind == "set_role" and asked.role == FULL_CONTROL)


def _may_invite(address: str, seats: pd.DataFrame) -> tuple[str, str]:
    if not address:
        return "stale", "the address was erased: ask anew"
    same = seats[seats["email"].astype("str").str.strip().str.lower() == address.strip().lower()]
    still_open = (same["kind"] != "pending") | (same["status"].fillna("") != "EXPIRED")
    if still_open.any():
        return "stale", "a seat or an open invitation with this address is there already; nothing was done"
    return GO


def _may_give(asked: Asked, seat: dict[str, Any], batch: Sequence[Asked], facts: Facts) -> tuple[str, str]:
    wanted = asked.wanted
    assert wanted is not None  # noqa: S101, asked for by an Owner
    if seat["person_status"] == "deprovisioned":
        return "blocked", "the person has left: nothing is given to them"
    if wanted.kind == "set_role":
        return _may_set_role(asked, seat, batch, facts)
    kind, asset, tasks = wanted.grants[0]
    if (kind, asset) not in facts.assets:
        return "stale", "the asset is not in the hub any more, and nothing was done"
    if set(tasks) <= _held(asked, kind, asset, facts):
        return "stale", "the member has all of it already, and nothing was done"
    return GO


def _may_set_role(
    asked: Asked, seat: dict[str, Any], batch: Sequence[Asked], facts: Facts
) -> tuple[str, str]:
    role = seat["role"] if isinstance(seat["role"], str) else ""
    if role != asked.role:
        return "stale", "the member's role is another one by now: look again, and ask anew"
    if is_demotion(asked) and (held := _too_few(batch, facts)):
        return "blocked", held
    return GO


def _may_take(asked: Asked, seat: dict[str, Any], batch: Sequence[Asked], facts: Facts) -> tuple[str, str]:
    wanted = asked.wanted
    assert wanted is not None  # noqa: S101, asked for by an Owner
    only: Key | None = None
    if wanted.kind == "revoke":
        kind, asset, _ = wanted.grants[0]
        only = (kind, asset)
        if not _held(asked, kind, asset, facts):
            return "stale", "the member has nothing there any more, and nothing was done"
    elif seat["tab"] == "exempted":
        return "blocked", "an exception for this member is in force: end it first (hubroster unexempt)"
    elif (seat["role"] if isinstance(seat["role"], str) else "") != asked.role:
        return "stale", "the member's role is another one by now: look again, and ask anew"
    if asked.member_kind == "user" and not facts.ground.rights_known(asked.member_kind, asked.member_id):
        return "blocked", "Held back: Meta did not say all they can do, so nobody can tell what is lost."
    if wanted.kind == "remove_member" and asked.role == FULL_CONTROL and asked.member_kind == "user":
        if held := _too_few(batch, facts):
            return "blocked", held
    if held := _nobody_left(asked, only, batch, facts):
        return "blocked", held
    return GO


def _held(asked: Asked, kind: str, asset: str, facts: Facts) -> set[str]:
    rows = facts.rights
    mine = rows[
        (rows["member_kind"] == asked.member_kind)
        & (rows["member_id"] == asked.member_id)
        & (rows["asset_kind"] == kind)
        & (rows["asset_id"] == asset)
    ]
    return {str(task) for tasks in mine["tasks"] for task in tasks}


def _too_few(batch: Sequence[Asked], facts: Facts) -> str | None:
    going = leavers(facts.seats)
    gone = set(zip(going["kind"], going["member_id"], strict=True))
    gone |= {
        (one.member_kind, one.member_id)
        for one in batch
        if one.wanted is None or one.wanted.kind == "remove_member" or is_demotion(one)
    }
    return too_few_admins(active_admins(facts.seats), gone, facts.ground.min_admins)


def _nobody_left(asked: Asked, only: Key | None, batch: Sequence[Asked], facts: Facts) -> str | None:
    """Return the sentence where nobody would be left: leavers and the unmatched don't cover for anybody."""
    rows = facts.rights
    mine = rows[(rows["member_kind"] == asked.member_kind) & (rows["member_id"] == asked.member_id)]
    if only:
        mine = mine[(mine["asset_kind"] == only[0]) & (mine["asset_id"] == only[1])]
    gone = pd.concat([leavers(facts.seats), unmatched(facts.seats)])[["kind", "member_id"]]
    taken = [
        (one.member_kind, one.member_id)
        for one in batch
        if one.wanted is None or one.wanted.kind in ("remove_member", "revoke")
    ]
    gone = pd.concat([gone, pd.DataFrame(taken, columns=["kind", "member_id"])]).drop_duplicates()
    found = consequences(
        mine.assign(hub=facts.ground.hub),
        facts.controllers.assign(is_read=is_read(facts.controllers, facts.ground)),
        gone.rename(columns={"kind": "member_kind"}).assign(hub=facts.ground.hub),
        partners_unseen=facts.ground.partners_unseen,
    )
    last = last_in_control(found)
    names = [
        name if isinstance(name, str) else asset
        for name, asset in zip(last["asset_name"], last["asset_id"], strict=True)
    ]
    return nobody_left(names, unknown=bool((last["left_with"] == "unknown").any()))
