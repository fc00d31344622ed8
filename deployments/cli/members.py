"""`hubroster members`: who holds a seat in a hub, and whose it is."""

import csv
import sys
from typing import Any, Literal
from zoneinfo import ZoneInfo

from duckdb import DuckDBPyConnection

from deployments.cli.output import day, print_json, print_table, print_told, printable, records, stderr
from flows.answers.sheet import change_of, review_rows
from flows.opening.ledger import ledger_of
from flows.opening.warehouse import reading_warehouse
from flows.review.removed import removed_since_last_checks
from flows.review.words import counted
from flows.sections import Hub
from flows.settings import Settings, load_settings
from matching.review.owners import NAMED, owners_of
from matching.roster.words import role_words
from tasks.warehouse import queries

COLUMNS = ["name", "Meta id", "address", "tab", "person", "hub role", "app role", "seat", "2FA", "assets"]
Tab = Literal["system", "pending", "deprovisioned", "exempted", "unmatched", "guest", "onboarded"]
# How spreadsheets tell a formula, some in wide characters too; a member chooses their own name.
_FORMULA = (
    "=", "+", "-", "@", "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}",
    "\N{FULLWIDTH HYPHEN-MINUS}", "\N{FULLWIDTH COMMERCIAL AT}",
)  # fmt: skip


def members(
    label: str, *, tab: Tab | None = None, review: bool = False, json: bool = False, csv: bool = False
) -> None:
    """List the members of a hub: tab, person, hub role, app role, since when, two-factor.

    Parameters
    ----------
    label
        The hub's label in the configuration.
    tab
        Only the members of one tab.
    review
        Only what waits for an Owner's answer, one row per question; with --csv a sheet to fill in, for
        `hubroster decide --file`.
    json
        Print one object on one line.
    csv
        Print a sheet: text that a spreadsheet would take for a formula is quoted.
    """
    settings = load_settings()
    hub = settings.hub(label)
    if review:
        _show_review(label, review_rows(settings, label), json=json, csv=csv)
        return
    owners = _owner_ids(settings, label)
    with reading_warehouse(settings) as con:
        found = records(queries.roster(con, label, settings.directory_order))
        removed = removed_since_last_checks(settings, con, label)
        whole = _was_read_whole(con, label)
    everybody = [
        row | {"hub_role": _hub_role(row, hub, owners), "removed_at": removed.get((label, row["member_id"]))}
        for row in found
    ]
    rows = [row for row in everybody if tab in (None, row["tab"])]
    if not whole:
        told = f"Not everything of {label} was read by its last check: members may be missing here"
        stderr.print(f"{told} (`hubroster report {label}` says why).", markup=False, soft_wrap=True)
    if json:
        print_json({"hub": label, "members": rows})
    elif csv:
        _print_sheet(rows, list(everybody[0]) if everybody else ["kind", "member_id"])
    else:
        where = f" in {tab}" if tab else ""
        print_table(
            f"{label}: {counted(len(rows), 'member')}{where}",
            COLUMNS,
            [_cells(row, settings.zone) for row in rows],
        )


def _was_read_whole(con: DuckDBPyConnection, label: str) -> bool:
    """Say whether the last check of a hub was complete."""
    last = [row for row in records(queries.hub_list(con)) if row["hub"] == label]
    return bool(last) and last[0]["last_check_at"] == last[0]["last_complete_at"]


def _show_review(label: str, rows: list[dict[str, Any]], *, json: bool, csv: bool) -> None:
    if csv:
        _print_sheet(rows, list(rows[0]) if rows else ["change", "answer"])
        return
    rows = [row | {"change": change_of(row["change"])} for row in rows]  # the mark is for spreadsheets
    if json:
        print_json({"hub": label, "review": rows})
    else:
        told = [(f"{row['change']}  {row['state']} · {row['answers']}", row["sentence"]) for row in rows]
        print_told(f"{label}: {len(rows)} to answer", told)


def _owner_ids(settings: Settings, label: str) -> set[str] | None:
    """Return the person ids of a hub's Owners; None while the ledger names none."""
    with ledger_of(settings) as ledger, ledger.reading() as book:
        if not book.entries(hub=label, kinds={NAMED}):
            return None
        owners = owners_of(book.entries(hub=label), label, book.now)
        return {facts["id"] for facts in book.named(owners).values() if facts}


def _hub_role(row: dict[str, Any], hub: Hub, owners_now: set[str] | None) -> str | None:
    """Return owner or collaborator. Until the ledger says who the Owners are, the hub's first ones are."""
    if row["person_id"] is None or row["kind"] != "user":
        return None
    if owners_now is not None:
        return "owner" if row["person_id"] in owners_now else "collaborator"
    owners = {owner.casefold() for owner in hub.owners}
    return "owner" if (row["person_email"] or "").casefold() in owners else "collaborator"


def _cells(row: dict[str, Any], zone: ZoneInfo) -> list[str]:
    person = row["person_name"] or row["person_email"] or row["person_id"] or ""
    if person and row["person_status"] not in (None, "active"):
        person += f" ({row['person_status']})"
    if row["kind"] == "pending":
        expired = row["status"] == "EXPIRED"
        how, at = ("expired", row["expires_at"]) if expired else ("invited", row["invited_at"])
    else:
        how, at = ("made" if row["created_at"] else "first seen"), row["joined_at"]
    return [
        row["name"] or ("(invitation)" if row["kind"] == "pending" else "(no name)"),
        row["member_id"],
        row["email"] or ("" if row["kind"] == "system" else "not shown"),
        f"{row['tab']}, removed {day(row['removed_at'], zone)}" if row.get("removed_at") else row["tab"],
        person,
        row["hub_role"] or "",
        role_words(row["role"]),
        f"{how} {day(at, zone)}" if at else "",
        row["two_fac_status"] or "",
        str(row["assets"]),
    ]


def _print_sheet(rows: list[dict[str, Any]], names: list[str]) -> None:
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
