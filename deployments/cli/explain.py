"""`hubroster explain`: why a member is taken for a person, or for nobody: the evidence, bit by bit."""

import json as json_module
from typing import Any

import duckdb

from deployments.cli.output import print_json, print_table, printable, records, stdout
from flows.opening.warehouse import reading_warehouse
from flows.settings import load_settings
from matching.roster.words import role_words
from tasks.errors import InputError
from tasks.warehouse import queries

MOST_BITS = 20  # the width of a bar, in cells: more are rare, and say no more than "surely"


def explain(member: str, *, hub: str | None = None, json: bool = False) -> None:
    """Show what speaks for and against each person whom a member could be.

    Evidence is counted in bits: each one more doubles the odds, each one less halves them.

    Parameters
    ----------
    member
        The member's id, or any part of the name or address.
    hub
        Only in this hub; else in all of them.
    json
        Print one object on one line.
    """
    settings = load_settings()
    labels = [settings.hub(hub).label] if hub else [one.label for one in settings.hubs]
    with reading_warehouse(settings) as con:
        found = [row for label in labels for row in _explained(con, label, member)]
    if not found:
        where = f"the hub {hub}" if hub else "any hub"
        raise InputError(f"nobody in {where} has {member!r} as id, or in the name or address")
    if json:
        print_json({"members": found})
        return
    for row in found:
        _print(row)


def _explained(con: duckdb.DuckDBPyConnection, hub: str, member: str) -> list[dict[str, Any]]:
    """Return the members of a hub that are meant, each with its candidates and their evidence."""
    seats = records(queries.roster(con, hub))
    exact = [row for row in seats if row["member_id"] == member]
    text = member.casefold()
    meant = exact or [row for row in seats if text in f"{row['name'] or ''}\n{row['email'] or ''}".casefold()]
    if not meant:
        return []
    people = {row["person_id"]: row for row in records(queries.people(con))}
    by_stay: dict[str, list[dict[str, Any]]] = {}
    for one in records(queries.candidates(con, hub)):
        by_stay.setdefault(one["stay_id"], []).append(one)
    return [_with_candidates(hub, row, by_stay.get(row["stay_id"], []), people) for row in meant]


def _with_candidates(
    hub: str, seat: dict[str, Any], candidates: list[dict[str, Any]], people: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    columns = ("kind", "member_id", "name", "email", "role", "tab", "outcome", "rule", "reason", "person_id")
    mine = []
    for one in candidates:
        person = people.get(one["person_id"], {})
        evidence = json_module.loads(one["evidence"] or "[]")
        mine.append(
            {
                "rank": one["rank"], "person_id": one["person_id"],
                "display_name": person.get("display_name"), "primary_email": person.get("primary_email"),
                "status": person.get("status"), "posterior": one["posterior"], "score": one["score"],
                "bits": round(sum(row["bits"] for row in evidence), 2), "evidence": evidence,
            }
        )  # fmt: skip
    gap = round(mine[0]["bits"] - mine[1]["bits"], 2) if len(mine) > 1 else None
    return {"hub": hub, **{name: seat[name] for name in columns}, "gap": gap, "candidates": mine}


def _print(row: dict[str, Any]) -> None:
    outcome = f"{row['outcome'] or 'not matched'}: {(row['reason'] or 'no reason given').replace('_', ' ')}"
    title = f"{row['hub']}: {row['name'] or row['member_id']} <{row['email'] or 'address not shown'}>"
    title += f", {role_words(row['role'])}, {row['tab']}; {outcome}"
    stdout.print(printable(title), style="bold", markup=False, soft_wrap=True)
    if not row["candidates"]:
        why = "System users are nobody in particular." if row["kind"] == "system" else "No person comes near."
        stdout.print(f"{why}\n")
        return
    for one in row["candidates"]:
        name = one["display_name"] or one["person_id"]
        status = f", {one['status']}" if one["status"] not in (None, "active") else ""
        told = f"{one['rank']}. {name} <{one['primary_email'] or '-'}>{status}"
        stdout.print(printable(told), markup=False, soft_wrap=True)
        named = {"member_value": row["name"] or row["email"], "person_value": name}  # a link has ids there
        cells = [_evidence(item | named if item["field"] == "link" else item) for item in one["evidence"]]
        cells.append(["", "", "", "together", f"{one['bits']:+.1f}", _likely(one["posterior"])])
        print_table(None, ["   field", "at Meta", "in the directory", "", "bits", ""], cells)
    if row["gap"] is not None:
        behind = f"{row['gap']:.1f} bits behind" if row["gap"] else "as likely as"
        stdout.print(f"The second is {behind} the first.", markup=False)
    stdout.print()


def _likely(posterior: float) -> str:
    return f"{100 * posterior:.1f} % likely" if posterior < 0.9995 else "as good as certain"


def _evidence(item: dict[str, Any]) -> list[str]:
    bar = ("█" if item["bits"] > 0 else "░") * round(min(abs(item["bits"]), MOST_BITS))
    return [
        "   " + item["field"].replace("_", " "), item["member_value"] or "", item["person_value"] or "",
        item["comparison"] or "", f"{item['bits']:+.1f}", bar,
    ]  # fmt: skip
