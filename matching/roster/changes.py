"""What changed in a hub since its last complete check, one line per thing that somebody did."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from matching.roster.proposals import plain_value
from matching.roster.words import counted, role_words

CHANGE_KINDS = (
    "member_added",
    "member_gone",
    "role_changed",
    "name_changed",
    "email_changed",
    "grant_added",
    "grant_gone",
    "tasks_changed",
    "asset_added",
    "asset_gone",
    "person_left",
)
# Rights that Meta keeps beside the role: they change what somebody may do as a role does.
_BESIDE_THE_ROLE = {"finance_permission": "finance", "ip_permission": "rights manager"}


@dataclass(frozen=True, slots=True)
class Differences:
    """The state at the last complete check against the state now: one row per thing that differs.

    `members`: by kind, member_id; `grants`: by member and asset, without those whose member or asset came or
    went; `assets`: by asset_kind, asset_id; `people`: by person_id, with `is_linked`. Each has was_there,
    is_there and pairs of before_ and after_ columns.
    """

    members: pd.DataFrame
    grants: pd.DataFrame
    assets: pd.DataFrame
    people: pd.DataFrame


def list_changes(found: Differences, seats: pd.DataFrame, *, users_read: bool) -> list[dict[str, Any]]:
    """Return one dict per change, in the order of CHANGE_KINDS: kind, about, sentence, and the ids.

    `seats` are the present members, for names. A member who comes or goes is one change, and so is an asset:
    what they could do is counted in the sentence. An accepted invitation is one member_added. Unless the
    users were read to the end (`users_read`), an invitation that is gone may have been accepted: it waits.
    """
    changes = [
        *_member_changes(found.members, seats, users_read=users_read),
        *_grant_changes(found.grants, seats),
        *_asset_changes(found.assets),
        *_people_who_left(found.people),
    ]
    order = {kind: place for place, kind in enumerate(CHANGE_KINDS)}
    return sorted(
        changes, key=lambda c: (order[c["kind"]], c["about"], str(c.get("member")), str(c.get("asset")))
    )


def _member_changes(rows: pd.DataFrame, seats: pd.DataFrame, *, users_read: bool) -> Iterator[dict[str, Any]]:
    users = seats[seats["kind"] == "user"]
    accepted = set(users["business_role_request_id"].dropna())
    for row in _records(rows):
        member = {"kind": row["kind"], "member_id": row["member_id"]}
        about = _called(row)
        if not row["was_there"]:
            yield _change("member_added", about, _came(row), member=member)
        elif not row["is_there"]:
            if row["kind"] == "pending" and (row["member_id"] in accepted or not users_read):
                continue  # told by the user whom the invitation became
            yield _change("member_gone", about, _went(row), member=member)
        else:
            yield from _altered(row, about, member)


def _altered(row: dict[str, Any], about: str, member: dict[str, str]) -> Iterator[dict[str, Any]]:
    parts = []
    if row["before_role"] != row["after_role"]:
        parts.append(f"{role_words(row['before_role'])} → {role_words(row['after_role'])}")
    for field, words in _BESIDE_THE_ROLE.items():
        if row[f"before_{field}"] != row[f"after_{field}"]:
            parts.append(f"{words}: {row[f'before_{field}'] or 'none'} → {row[f'after_{field}'] or 'none'}")
    if parts:
        yield _change("role_changed", about, "; ".join(parts), member=member)
    if row["before_name"] != row["after_name"]:
        yield _change("name_changed", about, f"was called {row['before_name'] or 'nothing'}", member=member)
    if row["before_email"] != row["after_email"]:
        sentence = f"address {row['before_email'] or 'not shown'} → {row['after_email'] or 'not shown'}"
        yield _change("email_changed", about, sentence, member=member)


def _came(row: dict[str, Any]) -> str:
    role = role_words(row["after_role"])
    if row["kind"] == "pending":
        return f"was invited · {role}"
    if row["kind"] == "system":
        return f"is a new system user · {role} · {_assets(row['after_grants'])}"
    how = "accepted the invitation" if row["after_business_role_request_id"] else "is a new member"
    return f"{how} · {role} · {_assets(row['after_grants'])}"


def _went(row: dict[str, Any]) -> str:
    role = role_words(row["before_role"])
    if row["kind"] == "pending":
        return f"is no longer invited: withdrawn, declined or run out · {role}"
    return f"no longer holds a seat · had {role}, {_assets(row['before_grants'])}"


def _grant_changes(rows: pd.DataFrame, seats: pd.DataFrame) -> Iterator[dict[str, Any]]:
    touched = seats[seats["member_id"].isin(rows["member_id"])]
    names = {(r["kind"], r["member_id"]): r["name"] or r["email"] for r in _records(touched)}
    for row in _records(rows):
        key = (row["member_kind"], row["member_id"])
        about = names.get(key) or f"{key[0]} {key[1]}"
        asset = f"{counted(1, row['asset_kind'])[2:]} {row['asset_name'] or row['asset_id']}"
        if not row["was_there"]:
            kind, sentence = "grant_added", f"may now {_tasks(row['after_tasks'])} on {asset}"
        elif not row["is_there"]:
            kind, sentence = "grant_gone", f"may no longer {_tasks(row['before_tasks'])} on {asset}"
        else:
            kind = "tasks_changed"
            sentence = f"{_tasks(row['before_tasks'])} → {_tasks(row['after_tasks'])} on {asset}"
        yield _change(
            kind,
            about,
            sentence,
            member={"kind": key[0], "member_id": key[1]},
            asset={"kind": row["asset_kind"], "asset_id": row["asset_id"]},
        )


def _asset_changes(rows: pd.DataFrame) -> Iterator[dict[str, Any]]:
    for row in _records(rows):
        what = counted(1, row["asset_kind"])[2:]
        before, after = row["before_relation"], row["after_relation"]
        if row["was_there"] and row["is_there"] and "seen" in (before, after):
            continue  # the listings are silent about it, and its grants stand: nothing came or went
        if not row["was_there"] or (before != after and after == "owned"):
            sentence = (
                f"{what}, {_RELATION.get(after, after)} · {_members(row['after_grants'])} can work on it"
            )
            kind = "asset_added"
        elif not row["is_there"] or before != after:
            now = "" if not row["is_there"] else f" but {_RELATION.get(after, after)}"
            could = f"{_members(row['before_grants'])} could work on it"
            sentence = f"{what}, no longer {_RELATION.get(before, before)}{now} · {could}"
            kind = "asset_gone"
        else:
            continue  # the owner's terms for a shared asset; what members may do is told by their grants
        yield _change(
            kind,
            row["asset_name"] or row["asset_id"],
            sentence,
            asset={"kind": row["asset_kind"], "asset_id": row["asset_id"]},
        )


_RELATION = {"owned": "owned", "client": "shared by a client", "seen": "seen through a grant only"}


def _people_who_left(rows: pd.DataFrame) -> Iterator[dict[str, Any]]:
    left = (
        rows["is_linked"].astype(bool)
        & (rows["after_status"] == "deprovisioned")
        & (rows["before_status"] != "deprovisioned")
    )
    for row in _records(rows[left]):
        about = row["after_display_name"] or row["after_primary_email"] or row["person_id"]
        yield _change("person_left", about, "left the company, by the directory", person=row["person_id"])


def _change(kind: str, about: str, sentence: str, **ids: Any) -> dict[str, Any]:
    return {"kind": kind, "about": str(about), "sentence": sentence, **ids}


def _called(row: dict[str, Any]) -> str:
    options = ("after_name", "before_name", "after_email", "before_email")
    named = next((row[column] for column in options if row[column]), None)
    return str(named or f"{row['kind']} {row['member_id']}")


def _tasks(tasks: Any) -> str:
    return ", ".join(str(task) for task in tasks) if tasks is not None and len(tasks) else "nothing"


def _assets(count: int) -> str:
    return f"{count} asset{'' if count == 1 else 's'}"


def _members(count: int) -> str:
    return f"{count} member{'' if count == 1 else 's'}"


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as dicts in which what is missing is None."""
    records = []
    for row in rows.to_dict("records"):
        records.append({str(k): v if hasattr(v, "__len__") else plain_value(v) for k, v in row.items()})
    return records
