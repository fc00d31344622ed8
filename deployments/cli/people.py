"""`hubroster people`: people of the directory and the seats they hold, in every hub."""

from typing import Any
from zoneinfo import ZoneInfo

from deployments.cli.output import day, print_json, print_table, printable, records, stderr
from flows.opening.warehouse import reading_warehouse
from flows.review.removed import removed_since_last_checks
from flows.settings import load_settings
from matching.roster.words import role_words
from tasks.warehouse import queries


def people(search: str, *, json: bool = False) -> None:
    """Find people by name, address, user name or id, with every seat they hold.

    Parameters
    ----------
    search
        Any part of the name, address, alias, user name or id.
    json
        Print one object on one line.
    """
    settings = load_settings()
    with reading_warehouse(settings) as con:
        removed = removed_since_last_checks(settings, con)
        rows = [
            row | {"removed_at": removed.get((row["hub"], row["member_id"]))}
            for row in records(queries.search_people(con, search, settings.directory_order))
        ]
    if json:
        print_json({"people": rows})
        return
    cells = [
        [
            row["display_name"] or row["person_id"],
            row["primary_email"] or "",
            row["department"] or "",
            row["kind"],
            row["status"],
            row["hub"] or "no seat",
            _role(row, settings.zone),
        ]
        for row in rows
    ]
    found = len({row["person_id"] for row in rows})
    if not found:
        told = f"nobody in the directory has {printable(search)!r} in name, address or id"
        stderr.print(f"{told}, as the last check read it", markup=False, soft_wrap=True)
        return
    print_table(
        f"{found} {'person' if found == 1 else 'people'} found",
        ["name", "address", "department", "kind", "status", "hub", "app role"],
        cells,
    )


def _role(row: dict[str, Any], zone: ZoneInfo) -> str:
    """Return the role of a seat, and that it was removed since the last check; nothing for no seat."""
    gone = f", removed {day(row['removed_at'], zone)}" if row["removed_at"] else ""
    return role_words(row["role"]) + gone if row["hub"] else ""
