"""Whether a change is done at Meta: a re-reading, complete or nothing (design §9). It only reads."""

from collections.abc import Mapping, Sequence

from tasks.meta.change import ON_ASSETS, REMOVALS, Change, Proof
from tasks.meta.client import MetaClient
from tasks.meta.outcomes import outcome
from tasks.meta.relisting import People, list_people, same_address
from tasks.meta.standing import Standing, standings
from tasks.meta.wire import Row

__all__ = ["outcome", "prove", "prove_many"]

_OVER = frozenset({"expired", "declined"})  # §2: words of the documentation; the constants are unconfirmed
# §2: the `role` of an edge is the base role; what else was given shows in a field of its own
_BASE_ROLES = frozenset({"ADMIN", "EMPLOYEE", "DEVELOPER"})
_SHOWN_ELSEWHERE = {
    "FINANCE_EDITOR": ("finance_permission", "editor"),
    "FINANCE_ANALYST": ("finance_permission", "analyst"),
    "ADS_RIGHTS_REVIEWER": ("ip_permission", "reviewer"),
}


async def prove(reader: MetaClient, business_id: str, change: Change) -> Proof:
    """Read the hub again and say whether the change is done. Never raises MetaError: unread is `unknown`."""
    return (await prove_many(reader, business_id, [change]))[0]


async def prove_many(reader: MetaClient, business_id: str, changes: Sequence[Change]) -> dict[int, Proof]:
    """Return the proof of each change by its place in `changes`: one re-listing for all of them.

    Business users and invitations are read once, and each asset's people once, in the same batches.
    """
    on_assets = {place: one for place, one in enumerate(changes) if one.kind in ON_ASSETS}
    proofs = {}
    if len(on_assets) < len(changes):
        people = await list_people(reader, business_id)
        proofs = {
            place: _of_people(change, people)
            for place, change in enumerate(changes)
            if place not in on_assets
        }
    if on_assets:
        found = await standings(reader, business_id, list(on_assets.values()))
        proofs |= {
            place: _of_access(change, one)
            for (place, change), one in zip(on_assets.items(), found, strict=True)
        }
    return {place: proofs[place] for place in range(len(changes))}


def _of_people(change: Change, people: People) -> Proof:
    if people.unread:
        return Proof("unknown", people.unread)
    users, invited = people.users.rows, people.invited.rows
    if change.kind == "invite":
        return _invited(change, users, invited)
    if change.kind == "set_role":
        return _role(change, {**invited, **users}.get(change.member_id))
    if change.kind in REMOVALS and change.member_kind == "user":
        return _seat_gone(change, people)
    if change.kind in REMOVALS:
        return _invitation_gone(change, people)
    raise ValueError(f"no kind of change: {change.kind!r}")


def _seat_gone(change: Change, people: People) -> Proof:
    row = people.users.rows.get(change.member_id)
    if row is not None and row.get("marked_for_removal") is True:
        return Proof("not_there_yet", "Meta marks the seat for removal, and still lists it")
    if row is not None or change.member_id in people.invited.rows:
        return Proof("not_there_yet", "the seat is still listed")
    return Proof("proven")


def _invitation_gone(change: Change, people: People) -> Proof:
    """Judge a cancelled invitation: neither it nor its address may be in the hub, as a seat or invited."""
    for user_id, row in people.users.rows.items():
        if row.get("business_role_request") == change.member_id or same_address(row, change.address):
            return Proof("accepted_meanwhile", "the invitation has become a seat", user_id)
    if change.member_id in people.invited.rows:
        return Proof("not_there_yet", "the invitation is still listed")
    if any(same_address(row, change.address) for row in people.invited.rows.values()):
        return Proof("not_there_yet", "another invitation to the same address is listed")
    if people.seats_hide_their_origin:
        return Proof(
            "unknown",
            "the invitation is no longer listed, but Meta shows neither the address nor the invitation"
            " that some seats came from: it may have been accepted",
        )
    return Proof("proven")


def _invited(change: Change, users: Mapping[str, Row], invited: Mapping[str, Row]) -> Proof:
    for user_id, row in users.items():
        if same_address(row, change.address):
            return Proof("proven", "the invited person has a seat", user_id)
    for request_id, row in invited.items():
        if same_address(row, change.address) and str(row.get("status", "")).lower() not in _OVER:
            return Proof("proven", "", request_id)
    if any(not row.get("email") for row in users.values()):
        return Proof("unknown", "no invitation to the address is listed, and some seats hide theirs")
    return Proof("not_there_yet", "neither an invitation nor a seat with the address is listed")


def _role(change: Change, row: Row | None) -> Proof:
    if row is None:
        return Proof("not_there_yet", "the member is no longer listed")
    if row.get("role") == change.role:
        return Proof("proven")
    field, word = _SHOWN_ELSEWHERE.get(change.role, ("", ""))
    shown = row.get("role") if change.role in _BASE_ROLES else row.get(field)
    if not isinstance(shown, str):
        return Proof("unknown", f"Meta doesn't show whether a member has the role {change.role}")
    if shown.lower() == word:
        return Proof("proven")
    return Proof("not_there_yet", "the member is listed with another role")


def _of_access(change: Change, standing: Standing) -> Proof:
    if standing.reason:
        return Proof("unknown", standing.reason)
    if change.kind == "revoke":
        return Proof("not_there_yet", "the access is still listed") if standing.listed else Proof("proven")
    if not standing.listed:
        return Proof("not_there_yet", "the access is not listed")
    if standing.tasks is None:
        return Proof("unknown", "Meta lists the access and doesn't show its tasks")
    # §1.5: Meta may make more of a grant than was asked for, so the asked tasks need only be among them
    if missing := sorted(set(change.tasks) - standing.tasks):
        return Proof("not_there_yet", f"the access is listed without {', '.join(missing)}")
    return Proof("proven")
