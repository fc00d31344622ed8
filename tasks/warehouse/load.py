"""The facts of one check into the warehouse: one short transaction, set-wise, writing only what changed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tasks.boundaries import reached
from tasks.directory.read import PEOPLE_COLUMNS, DirectoryRead
from tasks.errors import WarehouseError
from tasks.warehouse.frames import shown_as
from tasks.warehouse.intervals import (
    ASSETS,
    GRANTS,
    HUB_ASSETS,
    MEMBERS,
    PARTNERS,
    PEOPLE,
    drop_temporary,
    effective_time,
    merge,
)
from tasks.warehouse.remembered import This, of_directory
from tasks.warehouse.stage import stage_check
from tasks.warehouse.statements import run

if TYPE_CHECKING:
    import duckdb

    from tasks.meta.completeness import EdgeRead

# Members first (who is gone has no grants), assets last (they stay as long as a hub sees them).
HUB_MERGES = (MEMBERS, GRANTS, HUB_ASSETS, ASSETS, PARTNERS)
TEXT = [name for name in PEOPLE_COLUMNS if name not in ("aliases", "groups")]
LISTS = ["aliases", "groups"]


@dataclass(frozen=True, slots=True)
class HubFacts:
    """How a hub is connected, from the configuration."""

    hub: str
    business_id: str
    graph_url: str
    app_id: str
    login_method: str


@dataclass(frozen=True, slots=True)
class LoadSummary:
    """What the warehouse holds now of this hub (people: of the workspace, without the missing ones).

    `written` counts the rows of interval tables that were ended or begun.
    """

    members: int
    assets: int
    grants: int
    people: int
    written: int


def load_check(
    con: duckdb.DuckDBPyConnection,
    *,
    hub: HubFacts,
    check_id: str,
    started_at: datetime,
    folder: Path,
    edges: Sequence[EdgeRead],
    directory: Sequence[DirectoryRead],
    api_version: str,
    requests: int,
    calls: int,
    waited_s: float = 0,
    now: datetime | None = None,
) -> LoadSummary:
    """Load a check folder and the directory reads of a check; all or nothing.

    Loading the same check again changes nothing. An edge that was not read to its last page opens and changes
    rows but ends none; a refused directory read is recorded and changes nobody. `now` is the time of loading.
    """
    try:
        stage_check(con, folder, edges)
        reached("warehouse.staged")
        with transaction(con):
            _check_business(con, hub)
            at = effective_time(con, check_id, started_at)
            run(con, "record/check", check_id=check_id, hub=hub.hub, at=at, api_version=api_version,
                requests=requests, calls=calls, waited_s=waited_s)  # fmt: skip
            _record_hub(con, hub, folder)
            _record_edges(con, check_id, hub.hub, edges)
            reached("warehouse.check_recorded")
            written = sum(merge(con, table, at, {"hub": hub.hub}) for table in HUB_MERGES)
            reached("warehouse.hub_merged")
            written += sum(
                _load_people(con, check_id, at, read, now or datetime.now(UTC)) for read in directory
            )
            reached("warehouse.people_merged")
            members, assets, grants, people = run(con, "record/counts", hub=hub.hub).fetchone() or (
                0,
                0,
                0,
                0,
            )
        reached("warehouse.merged")
    finally:
        drop_temporary(con)
    return LoadSummary(members, assets, grants, people, written)


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commit what the block does, or nothing of it."""
    con.execute("begin")
    try:
        yield
    except BaseException:
        con.execute("rollback")
        raise
    con.execute("commit")


def _check_business(con: duckdb.DuckDBPyConnection, hub: HubFacts) -> None:
    """Raise WarehouseError when the label stood for another business: everybody there would look gone."""
    known = con.execute("select business_id from hubs where hub = $hub", {"hub": hub.hub}).fetchone()
    if known and known[0] != hub.business_id:
        raise WarehouseError(
            f"the hub {hub.hub!r} was business {known[0]} in all checks so far, and the configuration says "
            f"{hub.business_id}: give the other business a label of its own"
        )


def _record_hub(con: duckdb.DuckDBPyConnection, hub: HubFacts, folder: Path) -> None:
    node = folder / "business.json"
    name = json.loads(node.read_bytes()).get("name") if node.exists() else None
    run(con, "record/hub", hub=hub.hub, business_id=hub.business_id, business_name=name,
        graph_url=hub.graph_url, app_id=hub.app_id, login_method=hub.login_method)  # fmt: skip


def _record_edges(con: duckdb.DuckDBPyConnection, check_id: str, hub: str, edges: Sequence[EdgeRead]) -> None:
    con.execute("delete from edges where check_id = $check_id", {"check_id": check_id})
    add_edges(con, check_id, hub, edges)


def add_edges(con: duckdb.DuckDBPyConnection, check_id: str, hub: str, edges: Sequence[EdgeRead]) -> None:
    """Record how completely further edges were read in a check."""
    rows: list[tuple[object, ...]] = []
    for read in edges:
        rows.append(
            (read.edge, "", read.pages, read.rows, read.total, read.complete, read.required, read.reason)
        )
        rows += [
            (
                read.edge,
                f"{gap.member_kind}:{gap.member_id}",
                None,
                None,
                None,
                False,
                read.required,
                gap.reason,
            )
            for gap in read.gaps
        ]
    names = ("edge", "scope", "pages", "rows", "total", "complete", "required", "reason")
    columns = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    run(con, "record/edges", check_id=check_id, hub=hub, **columns)


def _load_people(
    con: duckdb.DuckDBPyConnection, check_id: str, at: datetime, read: DirectoryRead, now: datetime
) -> int:
    values = {"source": read.source, "read_at": read.read_at, "made_at": read.made_at}
    newer = run(con, "newer_directory_reads", **values, now=now).fetchone()
    run(con, "record/directory_read", read_id=f"{check_id}:{read.source}", check_id=check_id,
        accepted=read.accepted, reason=read.reason, people=len(read.people), digest=read.digest,
        columns=list(read.columns),
        **values)  # fmt: skip
    if not read.accepted or newer:  # newer: another hub's check read a newer file and was loaded first
        return 0

    def merge_people() -> int:
        with shown_as(con, "raw_people", read.people, text=TEXT, lists=LISTS):
            return merge(con, PEOPLE, at, {**values, "absence": read.absence})

    # What time makes of somebody absent is worked out each time; without one, the same read changes nothing
    if run(con, "count_missing", source=read.source).fetchall() != [(0,)]:
        return merge_people()
    return of_directory(con, ("merged", read.source, read.absence, This(read.people)), merge_people)
