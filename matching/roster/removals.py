"""Who left and still holds a seat: one `remove` each, or the reasons why it is held back."""

from typing import Any

import pandas as pd

from matching.roster.consequences import consequences, last_in_control
from matching.roster.proposals import Ground, persons_of, plain_value, proposal, rows_by_member
from matching.roster.safeguards import (
    FULL_CONTROL,
    nobody_left,
    too_few_admins,
    unread_directory,
    unread_members,
)


def leavers(seats: pd.DataFrame) -> pd.DataFrame:
    """Return the seats of people who left: tab deprovisioned, and open invitations to such people.

    An invitation is a way in as well: left open, it lets a leaver come back. One that is excepted stays.
    """
    left = seats["person_status"] == "deprovisioned"
    open_invitation = (seats["kind"] == "pending") & left & (seats["status"].fillna("") != "EXPIRED")
    open_invitation &= ~seats["is_exempted"]
    return seats[(seats["tab"] == "deprovisioned") | open_invitation]


def removals(
    seats: pd.DataFrame,
    people: pd.DataFrame,
    rights: pd.DataFrame,
    controllers: pd.DataFrame,
    ground: Ground,
) -> list[dict[str, Any]]:
    """Return one proposal per leaver, with consequences and with the sentences that hold it back.

    `rights`: one row per grant of a leaver: member_kind, member_id, asset_kind, asset_id, asset_name, tasks,
    controls. `controllers`: one row per (asset, member) with control, over all hubs, with `has_left`.
    """
    going = leavers(seats).sort_values(["kind", "member_id"])
    keys = going[["kind", "member_id"]].rename(columns={"kind": "member_kind"}).assign(hub=ground.hub)
    found = consequences(
        rights.assign(hub=ground.hub),
        controllers.assign(is_read=is_read(controllers, ground)),
        keys,
        partners_unseen=ground.partners_unseen,
    )
    by_member = rows_by_member(found)
    last_by_member = rows_by_member(last_in_control(found))
    leaving = set(zip(going["kind"], going["member_id"], strict=True))
    admins_held = too_few_admins(active_admins(seats), leaving, ground.min_admins)
    persons = persons_of(people, going["person_id"])
    source_of = people.set_index("person_id")["source"]
    proposals = []
    for seat in going.to_dict("records"):
        key = (seat["kind"], seat["member_id"])
        held = [
            unread_members(ground.unread_listings),
            unread_directory(source_of[seat["person_id"]], ground.refused_sources),
            admins_held if seat["role"] == FULL_CONTROL and seat["kind"] == "user" else None,
            _nobody_left(last_by_member.get(key, [])),
        ]
        person = persons[seat["person_id"]]
        proposals.append(
            proposal(
                "remove",
                ground,
                seat,
                about=person["person_id"],
                persons=[person],
                rights=by_member.get(key, []),
            )
            | {
                "person": person,
                "link": {name: plain_value(seat[name]) for name in ("rule", "reason", "posterior")},
                "held_back": [sentence for sentence in held if sentence],
            }
        )
    return proposals


def _nobody_left(lost: list[dict[str, Any]]) -> str | None:
    """Return that nobody would control these assets any more, or nothing where there are none."""
    names = [row["asset_name"] or row["asset_id"] for row in lost]
    return nobody_left(names, unknown=any(row["left_with"] == "unknown" for row in lost))


def is_read(controllers: pd.DataFrame, ground: Ground) -> list[bool]:
    """Say for each controller of an asset whether this check read what he may do, where it is of this hub."""
    keys = zip(controllers["hub"], controllers["member_kind"], controllers["member_id"], strict=True)
    return [hub != ground.hub or ground.rights_known(kind, member_id) for hub, kind, member_id in keys]


def active_admins(seats: pd.DataFrame) -> pd.DataFrame:
    """Return one row per user with Full control: kind, member_id, is_active_employee."""
    admins = seats[(seats["kind"] == "user") & (seats["role"] == FULL_CONTROL)]
    active = (admins["person_kind"] == "employee") & (admins["person_status"] == "active")
    return admins[["kind", "member_id"]].assign(is_active_employee=active)
