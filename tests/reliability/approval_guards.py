"""The safeguards, weighed by what is left in the true world after a step (design §10)."""

from collections.abc import Collection
from datetime import datetime, timedelta

from tests.reliability.approval_book import AuditedBook
from tests.reliability.approval_memory import Memory
from tests.reliability.approval_seen import FULL_CONTROL, Effect, Moment, Seen

MIN_ADMINS, DAY = 2, timedelta(hours=24)
GUARDED = ("700", "701", "act_800")  # the Pages and the ad account


def judge_safeguards(moment: Moment, done: Collection[Effect], memory: Memory) -> None:
    """Raise AssertionError where what was done leaves too few in control."""
    before, after = moment.before, moment.after
    lost_control = [
        number
        for call, number, _ in done
        if call in ("remove", "set_role") and before.seats[number].role == FULL_CONTROL
    ]
    if lost_control:
        left = [
            number for number, one in after.users.items() if _is_active_admin(number, one.role, after, memory)
        ]
        assert len(left) >= MIN_ADMINS, f"only {len(left)} active people with Full control are left"
    if any(call in ("remove", "revoke", "replace") for call, _, _ in done):
        for asset in GUARDED:
            taken = before.in_control(asset) - after.in_control(asset)
            stay = {one for one in after.in_control(asset) if _stays(one, after, memory)}
            assert stay or not taken, f"nobody is left in control of {asset}"


def judge_budget(book: AuditedBook, moment: Moment, memory: Memory) -> None:
    """Raise AssertionError where more seats were taken within 24 hours than may be."""
    users = moment.before.users
    admins = sum(one.role == FULL_CONTROL for one in users.values())
    taken: list[tuple[datetime, bool]] = []
    for seq, at in memory.done_by.items():
        asked = book.lines[seq - 1].said["asked"]
        wanted = asked.get("wanted") or {"kind": "remove_member"}
        if asked["member_kind"] == "user" and wanted["kind"] == "remove_member":
            taken.append((at, asked["role"] == FULL_CONTROL))
    for end, _ in taken:
        window = [is_admin for at, is_admin in taken if timedelta(0) <= end - at < DAY]
        assert len(window) <= max(2, (len(users) + len(window)) // 10), "more seats than the budget of a day"
        assert sum(window) <= max(1, (admins + sum(window)) // 10), (
            "more with Full control than the budget of a day"
        )


def is_exempted(
    book: AuditedBook, number: str, seen: Seen, memory: Memory, now: datetime, until: int
) -> bool:
    """Say whether an exception for a seat is in force: its date, its role, its rights, the departure."""
    seat, over = seen.seats.get(number), book.over()
    given = None
    for one in book.of("exempted", "exemption_ended", until=until):
        if one.said["member_id"] == number and one.seq not in over:
            given = one.said if one.kind == "exempted" else None
    if given is None or seat is None or now >= datetime.fromisoformat(given["until"]):
        return False
    rights = {(asset, task) for asset, tasks in seat.grants.items() for task in tasks}
    may = {(asset, task) for _, asset, task in given["rights"]}
    holds = given["after_leaving"] or seen.status(memory.whose(number)) != "deprovisioned"
    return bool(holds and given["role"] == seat.role and rights <= may)


def _is_active_admin(number: str, role: str, seen: Seen, memory: Memory) -> bool:
    return role == FULL_CONTROL and seen.people.get(memory.whose(number)) == ("active", "employee")


def _stays(number: str, seen: Seen, memory: Memory) -> bool:
    return seen.status(memory.whose(number)) != "deprovisioned"
