"""Requests about members: invite, set-role, grant, revoke, remove, restore. Each only asks."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from flows.opening.ledger import ledger_of, people_by_address, people_by_id
from flows.opening.warehouse import reading_warehouse
from flows.owners.named_assets import BY_HAND, Given, asset_in, given_in, known_assets, known_role
from flows.owners.requesting import ADDRESS, Asking, Requested, member_facts, request
from flows.owners.seat_of import ActionRefused, Seat, seat_of, text_of
from flows.settings import Settings
from matching.review.standing import AT_META
from tasks.warehouse import queries


def invite(
    settings: Settings, label: str, addresses: Sequence[str], role: str, assets: Sequence[str], reason: str
) -> list[Requested]:
    """Ask to invite people, with a role, and with access to assets once they have accepted.

    `assets`: KIND:ID=TASK,TASK each.
    """
    given = known_assets(settings, label, [given_in(one) for one in assets])
    wanted = list(dict.fromkeys(one.strip().lower() for one in addresses))
    if not wanted:
        raise ActionRefused("nobody was named: give the addresses to invite")
    asked = [_invitation(settings, label, "invite", one, known_role(role), given, {}) for one in wanted]
    return request(settings, label, asked, reason)


def set_role(settings: Settings, label: str, member: str, role: str, reason: str) -> list[Requested]:
    """Ask to give a member another role."""
    seat = _user(settings, label, member)
    if seat.role == known_role(role):
        raise ActionRefused("the member has that role already, and nothing was asked")
    return request(settings, label, [_about(seat, "set_role", role=role)], reason)


def grant(
    settings: Settings, label: str, member: str, asset: str, tasks: str, reason: str
) -> list[Requested]:
    """Ask to give a member tasks on an asset, on top of what is there."""
    seat = _user(settings, label, member)
    _require_here(settings, seat)
    given = known_assets(settings, label, [given_in(f"{asset}={tasks}")])
    return request(settings, label, [_about(seat, "grant", given=given)], reason)


def revoke(settings: Settings, label: str, member: str, asset: str, reason: str) -> list[Requested]:
    """Ask to take all that a member may do on an asset."""
    seat = _user(settings, label, member)
    kind, asset_id = asset_in(asset)
    held = seat.rights[(seat.rights["asset_kind"] == kind) & (seat.rights["asset_id"] == asset_id)]
    if held.empty:
        raise ActionRefused("the member has nothing on that asset, and nothing was asked")
    given = known_assets(settings, label, [(kind, asset_id, ())])
    return request(settings, label, [_about(seat, "revoke", given=given, rights=held)], reason)


def remove(settings: Settings, label: str, member: str, reason: str) -> list[Requested]:
    """Ask to remove a member, seat and permissions; or to call an invitation back."""
    seat = seat_of(settings, label, member)
    if seat.kind == "system":
        raise ActionRefused("a system user is never removed by hubroster: see Meta's settings")
    return request(settings, label, [_about(seat, "remove_member", rights=seat.rights)], reason)


def restore(settings: Settings, label: str, member_id: str, reason: str) -> list[Requested]:
    """Ask to bring back somebody whom hubroster removed: role and access as they were, by an invitation."""
    had = _had(settings, label, member_id)
    with reading_warehouse(settings) as con:
        before = queries.member_before(con, label, member_id)
        there = {(kind, asset) for kind, asset in queries.hub_assets(con, label)[["kind", "asset_id"]].values}
    if before.empty or not had["role"]:
        raise ActionRefused(f"what {member_id[:20]} was is not known any more: invite them instead")
    facts = {str(k): v for k, v in before.iloc[0].to_dict().items()}
    grants = [(kind, asset, tuple(tasks)) for kind, asset, tasks in had["grants"]]
    kept = [one for one in grants if one[:2] in there and one[0] != BY_HAND and one[2]]
    cant = _cannot_return(facts, len(grants) - len(kept))
    asked = _invitation(
        settings,
        label,
        "restore",
        _address_of(settings, facts),
        had["role"],
        known_assets(settings, label, kept),
        {"cant": cant},
        facts,
    )
    return request(settings, label, [asked], reason)


def _address_of(settings: Settings, facts: Mapping[str, Any]) -> str:
    """Return where to invite somebody again: the address at Meta, or the directory's. Not who has left."""
    person = text_of(facts["person_id"])
    whose = people_by_id(settings, [person]).get(person) if person else None
    if whose and whose.status != "active":
        raise ActionRefused(
            "the directory says that this person has left or is away: nobody is brought back then"
        )
    return text_of(facts["email"]) or (whose.address if whose else "")


def _cannot_return(facts: Mapping[str, Any], assets: int) -> list[str]:
    lost = (
        [f"access to {assets} assets that are gone, or are given in Meta's settings only"] if assets else []
    )
    named = [text_of(facts[name]) for name in ("finance_permission", "ip_permission")]
    return [*lost, *(f"the permission {one}" for one in named if one), "what was shared with the old seat"]


def _had(settings: Settings, label: str, member_id: str) -> dict[str, Any]:
    with ledger_of(settings) as ledger, ledger.reading() as book:
        rows = book.entries(hub=label, kinds={"intended", "result"})
    done = {r.payload["approval"] for r in rows if r.kind == "result" and r.payload["outcome"] in AT_META}
    found = [
        row.payload["had"]
        for row in rows
        if row.kind == "intended"
        and row.payload["member_id"] == member_id
        and row.payload["call"] == "remove"
        and row.payload["approval"] in done
    ]
    if not found:
        raise ActionRefused(
            f"hubroster has removed no member {member_id[:20]!r} from {label}: `hubroster ledger show` tells "
            "what was done; invite them instead"
        )
    return dict(found[-1])


def _user(settings: Settings, label: str, member: str) -> Seat:
    seat = seat_of(settings, label, member)
    if seat.kind != "user":
        raise ActionRefused("that is not a person's seat (yet): an invitation must be accepted first")
    return seat


def _require_here(settings: Settings, seat: Seat) -> None:
    if seat.facts["person_status"] == "deprovisioned":
        raise ActionRefused("the person has left: nothing is given to them, and nothing was asked")


def _about(
    seat: Seat,
    kind: str,
    *,
    role: str = "",
    given: tuple[list[Given], list[dict[str, Any]]] | None = None,
    rights: pd.DataFrame | None = None,
) -> Asking:
    rows = [] if rights is None else rights.to_dict("records")
    return Asking(
        kind=kind,
        member=member_facts(seat),
        stay=seat.stay,
        about=seat.could_be,
        role=role,
        address="",
        grants=tuple(given[0]) if given else (),
        shown={"assets": given[1]} if given else {},
        rights=tuple(
            {
                "asset_kind": row["asset_kind"],
                "asset_id": row["asset_id"],
                "asset_name": text_of(row["asset_name"]) or None,
                "tasks": sorted(map(str, row["tasks"])),
                "controls": bool(row["controls"]),
            }
            for row in rows
        ),
    )


def _invitation(
    settings: Settings,
    label: str,
    kind: str,
    address: str,
    role: str,
    given: tuple[list[Given], list[dict[str, Any]]],
    more: Mapping[str, Any],
    before: Mapping[str, Any] | None = None,
) -> Asking:
    if not ADDRESS.fullmatch(address):
        raise ActionRefused(
            "that is not a plain mail address, and nobody is invited: check it letter by letter"
        )
    people = people_by_address(settings, [address]).get(address.lower(), [])
    if any(one.status == "deprovisioned" for one in people):
        raise ActionRefused("the directory says that whose address it is has left: nothing was asked")
    with reading_warehouse(settings) as con:
        members = queries.members(con, label)
    taken = members["email"].astype("str").str.strip().str.lower() == address.lower()
    if before:  # until the next check the removed seat stands there still
        taken &= members["member_id"] != before["member_id"]
    if (taken & ~((members["kind"] == "pending") & (members["status"].fillna("") == "EXPIRED"))).any():
        raise ActionRefused("a member or an open invitation has that address already; nothing was asked")
    member = {"kind": "user", "member_id": "", "name": None, "email": address, "role": role, "status": None}
    if before:
        member |= {name: text_of(before[name]) or None for name in ("member_id", "name", "role")}
    return Asking(
        kind=kind,
        member=member,
        stay=text_of(before["stay_id"]) if before else "",
        about=tuple(one.person_id for one in people),
        role=role,
        address=address,
        grants=tuple(given[0]),
        shown={"assets": given[1], **more},
    )
