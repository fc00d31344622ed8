"""What every proposal is made of: its subject, its evidence, the rights of its member."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from matching.roster.canonical import change_id, sha256_of, subject_key

MEMBER_FACTS = ("kind", "member_id", "name", "email", "role", "finance_permission", "ip_permission", "status")
RIGHT_FACTS = (
    "asset_kind",
    "asset_id",
    "asset_name",
    "relation",
    "tasks",
    "controls",
    "others_in_control",
    "left_with",
)
PERSON_FACTS = ("person_id", "display_name", "primary_email", "kind", "status", "department", "title")


@dataclass(frozen=True, slots=True)
class Ground:
    """What proposals rest on besides seats and people.

    `unread_listings`: edges among business_users and pending_users that were not complete.
    `refused_sources`: directory sources refused in this check, or no longer read; `unknown_sources`: sources
    that have never been accepted, so that nobody knows who is in them.
    `unread_rights`: (kind, member_id) whose required assigned edges were not read to the end; "*" for all.
    """

    hub: str
    min_admins: int
    unread_listings: tuple[str, ...]
    refused_sources: tuple[str, ...]
    unknown_sources: tuple[str, ...]
    unread_rights: frozenset[tuple[str, str]]
    partners_unseen: bool

    def rights_known(self, kind: str, member_id: str) -> bool:
        """Say whether the grants of this member were read to the end."""
        return not {(kind, member_id), (kind, "*")} & self.unread_rights


def proposal(
    kind: str,
    ground: Ground,
    seat: Mapping[Any, Any],
    *,
    persons: list[dict[str, Any]],
    rights: list[dict[str, Any]],
    about: str = "",
) -> dict[str, Any]:
    """Return the part that all proposals have. The evidence holds raw facts: no scores, times or order."""
    member = plain({name: seat[name] for name in MEMBER_FACTS})
    known = ground.rights_known(seat["kind"], seat["member_id"])
    grants = sorted([row["asset_kind"], row["asset_id"], sorted(row["tasks"])] for row in rights)
    facts = {
        "member": member,
        "persons": sorted(persons, key=lambda p: str(p["person_id"])),
        "grants": grants if known else "unknown",
    }
    subject = subject_key(kind, ground.hub, f"{seat['kind']}:{seat['member_id']}", about)
    evidence = sha256_of(facts)
    return {
        "id": change_id(subject, evidence),
        "kind": kind,
        "subject": subject,
        "evidence": evidence,
        "stay": seat["stay_id"],
        "member": member,
        "rights_known": known,
        "rights": [{name: row[name] for name in RIGHT_FACTS if name in row} for row in rights],
    }


def persons_of(people: pd.DataFrame, wanted: pd.Series) -> dict[str, dict[str, Any]]:
    shown = [name for name in (*PERSON_FACTS, "aliases") if name in people]
    rows = people.loc[people["person_id"].isin(wanted), shown]
    found = {}
    for row in rows.to_dict("records"):
        aliases = row["aliases"]
        found[row["person_id"]] = plain({name: row[name] for name in PERSON_FACTS if name in row}) | {
            "aliases": sorted(map(str, aliases)) if hasattr(aliases, "__iter__") else []
        }
    return found


def rows_by_member(rows: pd.DataFrame) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Return (kind, Meta id) of a member → the rows that are about it, as JSON has them, in a fixed order."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    ordered = rows.sort_values(["asset_kind", "asset_id"])
    names = [str(name) for name in ordered.columns]
    columns = [_plain_column(ordered[name]) for name in ordered.columns]
    for values in zip(*columns, strict=True):
        row = dict(zip(names, values, strict=True))
        row["tasks"] = [str(task) for task in row["tasks"]]
        found.setdefault((row["member_kind"], row["member_id"]), []).append(row)
    return found


def _plain_column(column: pd.Series) -> list[Any]:
    """Return `plain_value` of each; a hub has a hundred thousand grants, and one by one they take seconds."""
    if column.dtype == "object":
        return [plain_value(value) for value in column]
    missing = column.isna()
    values: list[Any] = column.astype("object").mask(missing, None).tolist()
    return values


def plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): plain_value(value) for name, value in row.items()}


def plain_value(value: Any) -> Any:
    """Return a value as JSON has it: missing becomes None, numpy's numbers become Python's."""
    if isinstance(value, (str, bool, int, list, dict)) or value is None:
        return value
    if pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value
