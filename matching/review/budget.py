"""How much may be changed at Meta in 24 hours (design §10)."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta

from matching.review.rows import Row
from matching.review.standing import OPENED
from matching.roster.safeguards import FULL_CONTROL

INTENDED, OVERRIDDEN = "intended", "budget_overridden"
WINDOW = timedelta(hours=24)


def most_removals(members_now: int, members_last_week: int | None) -> int:
    """Return how many seats may be removed in 24 h: 10 % of the smaller of both counts, but at least 2."""
    smaller = min(members_now, members_last_week) if members_last_week is not None else members_now
    return max(2, smaller // 10)


def most_admin_removals(admins: int) -> int:
    """Return how many people with Full control may be removed in 24 h: 10 %, but at least 1."""
    return max(1, admins // 10)


def most_revokes(holders: int) -> int:
    """Return how many grants on one type of asset may be revoked in 24 h: 20 %, but at least 10."""
    return max(10, holders // 5)


def is_overridden(
    rows: Iterable[Row], hub: str, digests: Collection[str], today: date, changes: Collection[str] = ()
) -> bool:
    """Say whether two Owners let exactly these changes go over every budget today.

    `digests`: of the reports that what is to be done was proposed or asked in; it must be one, and the very
    one that was agreed to. `today` is the date in the workspace's time zone. `changes`: the ids of what is to
    be done; all of it must have been asked when they agreed, as what is asked for later has that digest too.
    """
    agreed: dict[str, set[str]] = {}
    asked: set[str] = set()
    for row in rows:
        if row.hub == hub and row.kind == OPENED:
            asked = {one["id"] for one in row.payload["asked"]}
        elif row.hub == hub and row.kind == OVERRIDDEN and row.payload["on"] == today.isoformat():
            agreed.setdefault(row.payload["digest"], set()).update(asked)
    (digest,) = digests if len(set(digests)) == 1 else ("",)
    return digest in agreed and agreed[digest].issuperset(changes)


def revokes_over_budget(
    rows: Iterable[Row], hub: str, now: datetime, planned: Mapping[str, int], holders: Mapping[str, int]
) -> str:
    """Return why a batch of revokes is blocked; both are counts by type of asset: planned, and grants now."""
    for kind, count in planned.items():
        begun = sum(
            row.kind == INTENDED
            and row.hub == hub
            and now - row.at < WINDOW
            and row.payload["call"] == "revoke"
            and row.payload.get("asset_kind") == kind
            for row in rows
        )
        most = most_revokes(holders.get(kind, 0))
        if begun + count > most:
            return (
                f"{begun + count} revokes on one type of asset in 24 hours are more than {most} (20 %, at "
                "least 10): nothing of this batch was done; ask for fewer now and the rest tomorrow"
            )
    return ""


def spent(rows: Iterable[Row], hub: str, now: datetime) -> tuple[int, int]:
    """Return what was begun in the last 24 h: removals of seats; removals and demotions from Full control."""
    begun = [row.payload for row in rows if row.kind == INTENDED and row.hub == hub and now - row.at < WINDOW]
    from_full = [
        row for row in begun if row["role"] == FULL_CONTROL and row["call"] in ("remove", "set_role")
    ]
    return sum(row["call"] == "remove" for row in begun), len(from_full)


def over_budget(
    planned: int,
    planned_admins: int,
    already: tuple[int, int],
    *,
    members: int,
    members_last_week: int | None,
    admins: int,
) -> str:
    """Return why a whole batch is blocked, or nothing when it may go."""
    most, most_admins = most_removals(members, members_last_week), most_admin_removals(admins)
    all_in_all, all_admins = planned + already[0], planned_admins + already[1]
    if planned and all_in_all > most:
        return (
            f"{all_in_all} removals in 24 hours are more than {most} (10 % of the members, at least 2): "
            "nothing of this batch was done; answer fewer now and the rest tomorrow"
        )
    if planned_admins and all_admins > most_admins:
        return (
            f"{all_admins} people losing Full control in 24 hours are more than {most_admins}: "
            "nothing of this batch was done; answer fewer now and the rest tomorrow"
        )
    return ""
