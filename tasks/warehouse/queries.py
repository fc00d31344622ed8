"""What others ask the warehouse, as frames; the header of each SQL file says what a row is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tasks.warehouse.frames import frame
from tasks.warehouse.statements import run

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

# What makes somebody able to manage an asset and who else may: MANAGE of Pages, ad accounts and catalogs
# ("Full control" in Meta's settings), and its other two names for Pages (meta-graph-api.md §1.5 box, §2).
# PROFILE_PLUS_MANAGE isn't among them: nothing says that it is full control, and counting too many as able
# would let the last one who is go.
CONTROL_TASKS = ["FULL_CONTROL", "MANAGE", "PROFILE_PLUS_FULL_CONTROL"]

FOREVER = datetime(9999, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class AcceptedRead:
    """A directory read that was accepted; the next one is compared with it."""

    read_id: str
    source: str
    read_at: datetime
    made_at: datetime
    people: int
    digest: str
    columns: list[str]


def members(con: duckdb.DuckDBPyConnection, hub: str) -> pd.DataFrame:
    """Return the seats of a hub now, with when each was first seen and how much it may do."""
    return frame(con, "members", hub=hub, control_tasks=CONTROL_TASKS)


def people(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return the directory now, the missing included."""
    return frame(con, "people")


def sources_without_status(con: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Return the directory sources whose last accepted read said nobody's status."""
    return frozenset(name for name, says_status in run(con, "says_status").fetchall() if not says_status)


def departures(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], datetime]:
    """Return since when those who have left have been gone: (source, person_id) → when."""
    return {(source, person): at for source, person, at in run(con, "departures").fetchall()}


def stays(con: duckdb.DuckDBPyConnection, hub: str) -> pd.DataFrame:
    """Return the stay of every seat ever seen in a hub; `valid_to` is NaT for seats held now."""
    return frame(con, "stays", hub=hub)


def links(con: duckdb.DuckDBPyConnection, hub: str) -> pd.DataFrame:
    """Return the last link of every stay of a hub; `valid_to` is NaT for links in force."""
    return frame(con, "links", hub=hub)


def passed_on(
    con: duckdb.DuckDBPyConnection, hub: str, decided: Mapping[tuple[str, str], datetime]
) -> pd.DataFrame:
    """Return the persons of a hub's stays whose id went to somebody else since: stay_id, person_id.

    `decided`: (stay, person) → when somebody said that the seat is this person's.
    """
    asked = {"stays": [stay for stay, _ in decided], "persons": [person for _, person in decided]}
    return frame(con, "passed_on", hub=hub, times=list(decided.values()), **asked)


def candidates(con: duckdb.DuckDBPyConnection, hub: str) -> pd.DataFrame:
    """Return who the stays of a hub could be, now; `evidence` is JSON text."""
    return frame(con, "candidates", hub=hub)


def hub_list(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return the hubs that were ever checked, with their last checks."""
    return frame(con, "hub_list")


def last_checks(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return the last check of each hub that came to its end, and what it cost at Meta."""
    return frame(con, "last_checks")


def newest_checks(con: duckdb.DuckDBPyConnection, most: int) -> pd.DataFrame:
    """Return the newest checks of all hubs, newest first."""
    return frame(con, "newest_checks", most=most)


def last_accepted(con: duckdb.DuckDBPyConnection, source: str) -> AcceptedRead | None:
    """Return the last accepted read of a directory source, None when there was none."""
    row = run(con, "last_accepted", source=source).fetchone()
    return AcceptedRead(*row) if row else None


def seated_people(con: duckdb.DuckDBPyConnection, source: str) -> frozenset[str]:
    """Return the ids of the people of a source who hold seats, without those who left or are missing."""
    return frozenset(frame(con, "seated_people", source=source)["person_id"])


def called(con: duckdb.DuckDBPyConnection, source: str) -> pd.DataFrame:
    """Return ids, names, addresses and statuses of the people of a source, without the missing ones."""
    return frame(con, "called", source=source)


def first_refused(
    con: duckdb.DuckDBPyConnection, source: str, begins: str
) -> tuple[datetime, datetime] | None:
    """Return when the first read since the last accepted one that was refused so was read, and made."""
    read_at, made_at = run(con, "first_refused", source=source, begins=begins).fetchone() or (None, None)
    return (read_at, made_at) if read_at and made_at else None


def check_time(con: duckdb.DuckDBPyConnection, hub: str, check_id: str) -> datetime | None:
    """Return when the intervals of a loaded check begin, None when it was not loaded."""
    row = run(con, "check_times", hub=hub, check_id=check_id).fetchone()
    return row[0] if row else None


def last_complete(
    con: duckdb.DuckDBPyConnection, hub: str, before: datetime | None = None
) -> datetime | None:
    """Return when the last finished complete check of a hub (before a time) began, or None."""
    row = run(con, "last_complete", hub=hub, before=before or FOREVER).fetchone()
    return row[0] if row else None


def rights_read(con: duckdb.DuckDBPyConnection, hub: str, check_id: str) -> bool:
    """Return whether a check read to the end what everybody may do with the assets."""
    row = run(con, "rights_read", hub=hub, check_id=check_id).fetchone()
    return bool(row and row[0])


def directory_read(con: duckdb.DuckDBPyConnection, check_id: str) -> int:
    """Return how many sources of the directory a check read and accepted."""
    row = run(con, "directory_read", check_id=check_id).fetchone()
    return int(row[0]) if row else 0


def last_report(con: duckdb.DuckDBPyConnection, hub: str) -> str | None:
    """Return the id of the report of a hub's last finished check, None when there was none."""
    row = run(con, "last_report", hub=hub).fetchone()
    return row[0] if row else None


def roster(con: duckdb.DuckDBPyConnection, hub: str, sources: Iterable[str] = ()) -> pd.DataFrame:
    """Return the members of a hub now, each with its tab and its person, as the first of the sources says."""
    return frame(con, "roster", hub=hub, control_tasks=CONTROL_TASKS, **_words(con, sources))


def search_people(con: duckdb.DuckDBPyConnection, text: str, sources: Iterable[str] = ()) -> pd.DataFrame:
    """Return the people of the directory whose name, address or id holds a text, with their seats."""
    return frame(con, "search_people", text=text, **_words(con, sources))


def hub_tabs(con: duckdb.DuckDBPyConnection, sources: Iterable[str], told: Mapping[str, str]) -> pd.DataFrame:
    """Return how many members of each hub stand in each tab now, by the status of whose they are.

    `told`: the status of people of whom their id alone doesn't tell it.
    """
    of_some = {"ids": list(told), "statuses": list(told.values())}
    return frame(con, "hub_tabs", **_words(con, sources), **of_some)


def _words(con: duckdb.DuckDBPyConnection, sources: Iterable[str]) -> dict[str, list[str]]:
    """Make the macro `word`, and return what it asks for: the sources in their order, and the silent ones."""
    run(con, "word")
    return {"sources": list(sources), "silent": list(sources_without_status(con))}


def agencies(con: duckdb.DuckDBPyConnection, hub: str) -> pd.DataFrame:
    """Return the partner businesses that work on a hub's assets now."""
    return frame(con, "agencies", hub=hub)


def member_changes(
    con: duckdb.DuckDBPyConnection, hub: str, since: datetime, until: datetime | None = None
) -> pd.DataFrame:
    """Return the seats of a hub that came, went or changed since a time, until another or now."""
    return frame(con, "changes/members", hub=hub, since=since, until=until or FOREVER)


def grant_changes(
    con: duckdb.DuckDBPyConnection, hub: str, since: datetime, until: datetime | None = None
) -> pd.DataFrame:
    """Return the grants between lasting members and assets that differ between a time and another, or now."""
    return frame(con, "changes/grants", hub=hub, since=since, until=until or FOREVER)


def asset_changes(
    con: duckdb.DuckDBPyConnection, hub: str, since: datetime, until: datetime | None = None
) -> pd.DataFrame:
    """Return the assets of a hub that came, went or changed hands since a time, until another or now."""
    return frame(con, "changes/assets", hub=hub, since=since, until=until or FOREVER)


def changed_ad_accounts(con: duckdb.DuckDBPyConnection, hub: str, since: datetime, most: int) -> pd.DataFrame:
    """Return the ad accounts of a hub on which a grant came, went or changed since a time."""
    return frame(con, "changes/ad_accounts", hub=hub, since=since, most=most)


def person_changes(
    con: duckdb.DuckDBPyConnection, hub: str, since: datetime, until: datetime | None = None
) -> pd.DataFrame:
    """Return the people who came or changed since a time, until another or now.

    `is_linked` says whether they concern the hub.
    """
    return frame(con, "changes/people", hub=hub, since=since, until=until or FOREVER)


def grants_of(con: duckdb.DuckDBPyConnection, hub: str, members: pd.DataFrame) -> pd.DataFrame:
    """Return what these members (one row each: kind, member_id) may do now."""
    asked = {"kinds": members["kind"].tolist(), "member_ids": members["member_id"].tolist()}
    return frame(con, "grants_of", hub=hub, control_tasks=CONTROL_TASKS, **asked)


def controllers(con: duckdb.DuckDBPyConnection, assets: pd.DataFrame) -> pd.DataFrame:
    """Return who controls these assets (one row each: asset_kind, asset_id) now, over all hubs."""
    asked = {"kinds": assets["asset_kind"].tolist(), "asset_ids": assets["asset_id"].tolist()}
    return frame(con, "controllers", control_tasks=CONTROL_TASKS, **asked)


def people_by_id(con: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> pd.DataFrame:
    """Return what the directory says now of some people: one row per (person_id, source)."""
    return frame(con, "people_by_id", ids=list(ids))


def known_people(con: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> list[tuple[str, ...]]:
    """Return what each source says of some people, and of who has their address: rows of known_people.sql."""
    return run(con, "known_people", ids=list(ids)).fetchall()


def seats_of_people(con: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> pd.DataFrame:
    """Return the seats and invitations that people are linked to now, in every hub."""
    return frame(con, "seats_of_people", ids=list(ids))


def people_by_address(con: duckdb.DuckDBPyConnection, addresses: Sequence[str]) -> list[tuple[str, str]]:
    """Return whose some addresses are: (address in lower case, person_id)."""
    asked = [address.strip().lower() for address in addresses]
    return run(con, "people_by_address", addresses=asked).fetchall()


def members_then(con: duckdb.DuckDBPyConnection, hub: str, at: datetime) -> int | None:
    """Return how many users held a seat in a hub at some time, None where no check had been made by then."""
    row = run(con, "members_then", hub=hub, at=at).fetchone()
    return int(row[0]) if row and row[0] else None


def hub_assets(con: duckdb.DuckDBPyConnection, hub: str) -> pd.DataFrame:
    """Return the assets that a hub sees now, each with how many members have something on it."""
    return frame(con, "hub_assets", hub=hub)


def member_before(con: duckdb.DuckDBPyConnection, hub: str, member_id: str) -> pd.DataFrame:
    """Return a member as it was last seen, one row per kind; no row where it never was."""
    return frame(con, "member_before", hub=hub, member_id=member_id)
