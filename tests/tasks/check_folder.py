"""A check folder as extraction leaves it, small and told in rows; and loading it into a warehouse."""

import gzip
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from tasks.directory.read import PEOPLE_COLUMNS, DirectoryRead
from tasks.meta.completeness import OPTIONAL_EDGES, REQUIRED_EDGES, EdgeRead, ScopeGap
from tasks.warehouse.load import HubFacts, LoadSummary, load_check

ACME = HubFacts("acme", "1", "https://graph.test", "2", "sso")
DAY = datetime(2026, 11, 24, 10, tzinfo=UTC)
ANA = {"id": "10", "name": "Ana Ruiz", "email": "ana@northwind.example", "role": "ADMIN"}
BEN = {"id": "11", "name": "Ben Okafor", "role": "EMPLOYEE"}
SHOP = {"id": "100", "name": "Shop"}
ADS = {"id": "act_1", "name": "Ads", "owner_business": "9", "permitted_tasks": ["MANAGE", "ANALYZE"]}
MANAGES = {
    "member_kind": "user",
    "member_id": "10",
    "id": "100",
    "name": "Shop",
    "tasks": ["MANAGE", "ANALYZE"],
}
ANA_READ = {"member_kind": "user", "member_id": "10"}
BEN_READ = {"member_kind": "user", "member_id": "11"}
WORLD: dict[str, Sequence[Mapping[str, Any]]] = {
    "business_users": [ANA, BEN],
    "owned_pages": [SHOP],
    "client_ad_accounts": [ADS],
    "assigned_pages": [MANAGES],
    "assigned_pages.read": [ANA_READ, BEN_READ],
}
PERSON = {"person_id": "p1", "display_name": "Ana Ruiz", "primary_email": "ana@northwind.example"}


def write_folder(
    folder: Path, world: Mapping[str, Sequence[Mapping[str, Any]]], without: Sequence[str] = ()
) -> Path:
    """Write a check folder: every edge there is, empty ones too, except `without`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "business.json").write_text('{"id": "1", "name": "Northwind"}')
    assigned = [f"{edge}.read" for edge in REQUIRED_EDGES | OPTIONAL_EDGES if edge.startswith("assigned")]
    for edge in {*REQUIRED_EDGES, *OPTIONAL_EDGES, *assigned} - set(without):
        lines = "".join(json.dumps(row) + "\n" for row in world.get(edge, []))
        (folder / f"{edge}.ndjson.gz").write_bytes(gzip.compress(lines.encode()))
    return folder


def reads(incomplete: Mapping[str, Sequence[ScopeGap]] | None = None) -> list[EdgeRead]:
    incomplete = incomplete or {}
    return [
        EdgeRead(e, 1, 1, None, e not in incomplete, e in REQUIRED_EDGES, "cut" if e in incomplete else None,
                 tuple(incomplete.get(e, ())))
        for e in sorted(REQUIRED_EDGES | OPTIONAL_EDGES)
    ]  # fmt: skip


def load(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    world: Mapping[str, Sequence[Mapping[str, Any]]] = WORLD,
    *,
    day: float = 0,
    check_id: str | None = None,
    hub: HubFacts = ACME,
    incomplete: Mapping[str, Sequence[ScopeGap]] | None = None,
    without: Sequence[str] = (),
    directory: Sequence[DirectoryRead] = (),
) -> LoadSummary:
    check_id = check_id or f"{hub.hub}-{day}-{len(list(folder.iterdir()))}"
    raw = write_folder(folder / check_id, world, without)
    return load_check(
        con, hub=hub, check_id=check_id, started_at=DAY + timedelta(days=day), folder=raw,
        edges=reads(incomplete), directory=directory, api_version="v26.0", requests=1, calls=2,
        now=DAY + timedelta(days=day + 1),
    )  # fmt: skip


def directory(
    *people: Mapping[str, Any], day: float = 0, absence: str = "missing", accepted: bool = True
) -> DirectoryRead:
    at = DAY + timedelta(days=day)
    frame = pd.DataFrame([dict(p) for p in people], columns=list(PEOPLE_COLUMNS))
    return DirectoryRead("people.csv", at, at, accepted, None if accepted else "empty", "d", absence, frame)


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return con.execute(sql).fetchall()


def open_members(con: duckdb.DuckDBPyConnection) -> list[str]:
    return [r[0] for r in rows(con, "select member_id from members where valid_to is null order by all")]
