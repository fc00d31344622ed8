"""What is worth knowing about a hub but needs no decision: invitations, doubtful people, addresses."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from matching.people.domains import FREE
from matching.roster.proposals import persons_of, plain_value

LEAVERS_UNTOLD = (
    "No source of the directory says who has left: none has a status, and being absent means nothing. Nobody "
    'is ever found to have left. Export the statuses, or say absence = "left".'
)
UNTOLD_BY = (
    "{sources} never says who has left: no status there, and being absent means nothing. Of {count} who hold "
    'seats no other source knows better. Export the statuses, or say absence = "left".'
)
OLD_INVITATION = timedelta(days=14)


def findings(
    seats: pd.DataFrame,
    people: pd.DataFrame,
    *,
    now: datetime,
    sso: bool,
    own_domains: Sequence[str],
    by_name_off: str = "",
    silent: Collection[str] = (),
    leavers_told: bool = True,
) -> list[dict[str, Any]]:
    """Return one dict per finding: kind, member, and the person where it is about one; in a fixed order.

    Kinds: leaver_exempted (an Owner excepted the seat after the person had left), left_elsewhere (the person
    has left by a source of the directory that hasn't the word), id_passed_on (it was the seat of somebody
    whose id is another person's now), linked_by_name (for the first time: nobody was asked),
    invitation_expired, invitation_old (open for more than 14 days), person_suspended, person_missing,
    address_outside (with single sign-on, a member whose address is not on an own domain, where any is known),
    removal_marked (Meta says the seat is marked for removal).
    Three come first and are about nobody, with `why`, a sentence, in place of a member: leavers_untold (not
    `leavers_told`: no source of the directory says who has left), untold_by (those in `silent` don't, and
    have the word about some who hold seats) and by_name_off.
    """
    pending = seats["kind"] == "pending"
    user = seats["kind"] == "user"
    expired = pending & (seats["status"].fillna("") == "EXPIRED")
    created = pd.to_datetime(seats["created_at"], utc=True)
    old = pending & ~expired & (created < pd.Timestamp(now - OLD_INVITATION))
    own = _own(people, own_domains)
    outside = user & (sso and bool(own)) & seats["email"].notna() & ~_domain(seats["email"]).isin(own)
    marked = user & (seats["marked_for_removal"].astype("boolean").fillna(False))
    about_nobody = {
        "leavers_untold": "" if leavers_told else LEAVERS_UNTOLD,
        "untold_by": _untold_by(seats, people, silent) if leavers_told else "",
        "by_name_off": by_name_off,
    }
    found: list[dict[str, Any]] = [{"kind": kind, "why": why} for kind, why in about_nobody.items() if why]
    for kind, mask in (
        ("leaver_exempted", seats["is_exempted"] & (seats["person_status"] == "deprovisioned")),
        ("left_elsewhere", seats["left_elsewhere"]),
        ("id_passed_on", seats["id_passed_on"]),
        ("linked_by_name", seats["newly_by_name"]),
        ("invitation_expired", expired),
        ("invitation_old", old),
        ("person_suspended", user & (seats["person_status"] == "suspended")),
        ("person_missing", user & (seats["person_status"] == "missing")),
        ("address_outside", outside & (seats["person_kind"].fillna("employee") == "employee")),
        ("removal_marked", marked),
    ):
        rows = seats[mask].sort_values("member_id")
        rows = rows[["kind", "member_id", "name", "email", "role", "person_id"]]
        persons = persons_of(people, rows["person_id"]) if kind == "linked_by_name" else {}
        for row in rows.to_dict("records"):
            about = {"person": persons[str(row["person_id"])]} if persons else {}
            found.append({"kind": kind, "member": _member(row)} | about)
    return found


def _untold_by(seats: pd.DataFrame, people: pd.DataFrame, silent: Collection[str]) -> str:
    """Return which of the silent sources have the word about whom a seat is linked to, or nothing."""
    linked = people[people["person_id"].isin(seats["person_id"].dropna()) & (people["status"] == "active")]
    by_them = linked[linked["source"].isin(list(silent))]
    if by_them.empty:
        return ""
    return UNTOLD_BY.format(sources=" and ".join(sorted(set(by_them["source"]))), count=len(by_them))


def _member(row: dict[Any, Any]) -> dict[str, Any]:
    return {name: plain_value(row[name]) for name in ("kind", "member_id", "name", "email", "role")}


def _own(people: pd.DataFrame, configured: Sequence[str]) -> set[str]:
    """Return the configured domains and those on which two employees or more have their primary address."""
    employees = people[people["kind"] == "employee"]
    counts = Counter(a.rpartition("@")[2].casefold() for a in employees["primary_email"].dropna().tolist())
    return {d for d, n in counts.items() if n > 1 and d not in FREE} | {d.casefold() for d in configured}


def _domain(addresses: pd.Series) -> pd.Series:
    return addresses.astype("str").str.extract(r"([^@]*)$", expand=False).str.casefold()
