"""`hubroster members`: who holds a seat in a hub, and whose it is."""

import csv
import sys
from typing import Any, Literal

from deployments.cli.output import moment, print_json, print_table, printable, records
from flows.settings import Hub, load_settings
from flows.warehouse_of import reading_warehouse
from matching.roster.words import role_words
from tasks.warehouse import queries

Tab = Literal["system", "pending", "deprovisioned", "exempted", "unmatched", "guest", "onboarded"]
# How spreadsheets tell a formula, some in wide characters too; a member chooses their own name.
_FORMULA = (
    "=", "+", "-", "@", "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}",
    "\N{FULLWIDTH HYPHEN-MINUS}", "\N{FULLWIDTH COMMERCIAL AT}",
)  # fmt: skip


def members(label: str, *, tab: Tab | None = None, json: bool = False, csv: bool = False) -> None:
    """List the members of a hub: tab, person, hub role, app role, joined or invited, two-factor.

    Parameters
    ----------
    label
        The hub's label in the configuration.
    tab
        Only the members of one tab.
    json
        Print one object on one line.
    csv
        Print a sheet: text that a spreadsheet would take for a formula is quoted.
    """
    settings = load_settings()
    hub = settings.hub(label)
    with reading_warehouse(settings) as con:
        found = records(queries.roster(con, label))
    rows = [row | {"hub_role": _hub_role(row, hub)} for row in found if tab in (None, row["tab"])]
    if json:
        print_json({"hub": label, "members": rows})
    elif csv:
        _print_sheet(rows)
    else:
        columns = ["name", "address", "tab", "person", "hub role", "app role", "since", "2FA", "assets"]
        print_table(f"{label}: {len(rows)} members", columns, [_cells(row) for row in rows])


def _hub_role(row: dict[str, Any], hub: Hub) -> str | None:
    """Return owner or collaborator. Until the ledger says who the Owners are, the hub's first ones are."""
    if row["person_id"] is None or row["kind"] != "user":
        return None
    owners = {owner.casefold() for owner in hub.owners}
    return "owner" if (row["person_email"] or "").casefold() in owners else "collaborator"


def _cells(row: dict[str, Any]) -> list[str]:
    person = row["person_name"] or row["person_email"] or row["person_id"] or ""
    if person and row["person_status"] not in (None, "active"):
        person += f" ({row['person_status']})"
    if row["kind"] == "pending":
        expired = row["status"] == "EXPIRED"
        since = (
            f"{'expired' if expired else 'invited'} {moment(row['expires_at' if expired else 'invited_at'])}"
        )
    else:
        since = f"joined {moment(row['joined_at'])}"
    return [
        row["name"] or row["member_id"],
        row["email"] or "not shown",
        row["tab"],
        person,
        row["hub_role"] or "",
        role_words(row["role"]),
        since,
        row["two_fac_status"] or "",
        str(row["assets"]),
    ]


def _print_sheet(rows: list[dict[str, Any]]) -> None:
    names = list(rows[0]) if rows else ["kind", "member_id"]
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([_safe(row[name]) for name in names])


def _safe(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = printable(value)
    # a tab or a line end before the sign doesn't keep a spreadsheet from calculating
    return f"'{text}" if text.lstrip(" \N{REPLACEMENT CHARACTER}").startswith(_FORMULA) else text
