"""Whether what an Owner asked for may still be done, by facts that were read just now (design §9, §10)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from matching.review.asked import Asked
from matching.review.wanted import NEW_SEATS, Wanted
from matching.roster.consequences import consequences, last_in_control
from matching.roster.proposals import Ground, rows_by_member
from matching.roster.removals import active_admins, is_read, leavers
from matching.roster.resolutions import unmatched
from matching.roster.safeguards import FULL_CONTROL, nobody_left, too_few_admins

Key = tuple[str, str]
GO, WAIT = ("go", ""), ("", "")
LEFT = "the person has left: nothing is given to them"
DECIDED = "an Owner said meanwhile whose seat it is: look again, and ask anew"
OTHER_ROLE = "the member's role is another one by now: look again, and ask anew"


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


class Together:
    """All that is to be done together: two changes that are harmless alone may not be so together."""

    def __init__(self, batch: Sequence[Asked], facts: Facts) -> None:
        self._batch, self._facts = batch, facts

    def still_right(
        self, asked: Asked, address: str, persons: Collection[str], *, has_left: bool = False
    ) -> tuple[str, str]:
        """Return go, stale or blocked with the reason; nothing where the reading was too poor to say.

        `address`: whom to invite; `has_left`: the directory says so now of whose it is. `persons`: ids of
        those whose seat it was, or could be, when it was asked.
        """
        wanted = asked.wanted
        if wanted is None:
            raise ValueError("nobody asked for it")
        if self._facts.ground.unread_listings:
            return WAIT
        if wanted.kind in NEW_SEATS:
            return ("blocked", LEFT) if has_left else _may_invite(address, self._facts.seats)
        seat = self._seats.get((asked.member_kind, asked.member_id))
        if seat is None:
            return "stale", "the member is not in the hub any more, and nothing was done"
        if isinstance(seat["person_id"], str) and seat["person_id"] not in persons:
            return "stale", "the seat is taken for somebody else by now: look again, and ask anew"
        if wanted.kind in ("grant", "set_role"):
            return self._may_give(asked, wanted, seat)
        return self._may_take(asked, wanted, seat)

    def _may_give(self, asked: Asked, wanted: Wanted, seat: Mapping[Any, Any]) -> tuple[str, str]:
        if seat["person_status"] == "deprovisioned":
            return "blocked", LEFT
        if wanted.kind == "set_role":
            if _role(seat) != asked.role:
                return "stale", OTHER_ROLE
            held = self._too_few if is_demotion(asked) else None
            return ("blocked", held) if held else GO
        kind, asset, tasks = wanted.grants[0]
        if (kind, asset) not in self._facts.assets:
            return "stale", "the asset is not in the hub any more, and nothing was done"
        if set(tasks) <= self._tasks.get((asked.member_kind, asked.member_id, kind, asset), set()):
            return "stale", "the member has all of it already, and nothing was done"
        return GO

    def _may_take(self, asked: Asked, wanted: Wanted, seat: Mapping[Any, Any]) -> tuple[str, str]:
        only = wanted.grants[0][:2] if wanted.kind == "revoke" else None
        if only and (asked.member_kind, asked.member_id, *only) not in self._tasks:
            return "stale", "the member has nothing there any more, and nothing was done"
        if not only and seat["is_exempted"]:
            return "blocked", "an exception for this member is in force: end it first (hubroster unexempt)"
        if not only and _role(seat) != asked.role:
            return "stale", OTHER_ROLE
        if asked.member_kind == "user" and not self._facts.ground.rights_known("user", asked.member_id):
            return "blocked", "Held back: Meta did not say all they can do, so nobody can tell what is lost."
        takes_control = not only and asked.role == FULL_CONTROL and asked.member_kind == "user"
        held = (self._too_few if takes_control else None) or self._nobody_left(asked, only)
        return ("blocked", held) if held else GO

    def _nobody_left(self, asked: Asked, only: Key | None) -> str | None:
        rows = self._last.get((asked.member_kind, asked.member_id), [])
        lost = [row for row in rows if only is None or (row["asset_kind"], row["asset_id"]) == only]
        return nobody_left(
            [row["asset_name"] or row["asset_id"] for row in lost],
            unknown=any(row["left_with"] == "unknown" for row in lost),
        )

    @cached_property
    def _seats(self) -> dict[Key, Mapping[Any, Any]]:
        asked = {one.member_id for one in self._batch}
        mine = self._facts.seats[self._facts.seats["member_id"].isin(asked)]
        return {(row["kind"], row["member_id"]): row for row in mine.to_dict("records")}

    @cached_property
    def _tasks(self) -> dict[tuple[str, str, str, str], set[str]]:
        names = ["member_kind", "member_id", "asset_kind", "asset_id"]
        return {
            (row[names[0]], row[names[1]], row[names[2]], row[names[3]]): set(map(str, row["tasks"]))
            for row in self._facts.rights.to_dict("records")
        }

    @cached_property
    def _too_few(self) -> str | None:
        going = leavers(self._facts.seats)
        gone = set(zip(going["kind"], going["member_id"], strict=True))
        gone |= {(one.member_kind, one.member_id) for one in self._batch if leaves(one) or is_demotion(one)}
        return too_few_admins(active_admins(self._facts.seats), gone, self._facts.ground.min_admins)

    @cached_property
    def _last(self) -> dict[Key, list[dict[str, Any]]]:
        """Return what would be left with nobody: leavers and the unmatched don't cover for anybody."""
        facts = self._facts
        gone = pd.concat([leavers(facts.seats), unmatched(facts.seats)])[["kind", "member_id"]]
        taken = [
            (one.member_kind, one.member_id) for one in self._batch if leaves(one) or one.kind == "revoke"
        ]
        gone = pd.concat([gone, pd.DataFrame(taken, columns=["kind", "member_id"])]).drop_duplicates()
        found = consequences(
            facts.rights.assign(hub=facts.ground.hub),
            facts.controllers.assign(is_read=is_read(facts.controllers, facts.ground)),
            gone.rename(columns={"kind": "member_kind"}).assign(hub=facts.ground.hub),
            partners_unseen=facts.ground.partners_unseen,
        )
        return rows_by_member(last_in_control(found))


def is_demotion(asked: Asked) -> bool:
    """Say whether it takes Full control from somebody who stays."""
    wanted = asked.wanted
    return bool(wanted and wanted.kind == "set_role" and asked.role == FULL_CONTROL)


def leaves(asked: Asked) -> bool:
    return asked.wanted is None or asked.wanted.kind == "remove_member"


def _role(seat: Mapping[Any, Any]) -> str:
    return seat["role"] if isinstance(seat["role"], str) else ""


def _may_invite(address: str, seats: pd.DataFrame) -> tuple[str, str]:
    if not address:
        return "stale", "the address was erased: ask anew"
    same = seats[seats["email"].astype("str").str.strip().str.lower() == address.strip().lower()]
    still_open = (same["kind"] != "pending") | (same["status"].fillna("") != "EXPIRED")
    if still_open.any():
        return "stale", "a seat or an open invitation with this address is there already; nothing was done"
    return GO
