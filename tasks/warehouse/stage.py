"""A check folder into temporary tables, as received; and which rows may close when they are not there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from tasks.errors import WarehouseError
from tasks.warehouse.statements import run

if TYPE_CHECKING:
    from tasks.meta.completeness import EdgeRead

MEMBER_EDGES = {"business_users": "user", "pending_users": "pending", "system_users": "system"}
ASSET_EDGES = {
    "owned_pages": ("page", "owned"),
    "client_pages": ("page", "client"),
    "owned_ad_accounts": ("ad_account", "owned"),
    "client_ad_accounts": ("ad_account", "client"),
    "owned_product_catalogs": ("product_catalog", "owned"),
    "client_product_catalogs": ("product_catalog", "client"),
    "business_asset_groups": ("business_asset_group", "owned"),
}
PARTNER_EDGES = {"agencies": "agency", "clients": "client"}
GRANT_EDGES = {
    "assigned_pages": "page",
    "assigned_ad_accounts": "ad_account",
    "assigned_product_catalogs": "product_catalog",
    "assigned_business_asset_groups": "business_asset_group",
}


def stage_check(con: duckdb.DuckDBPyConnection, folder: Path, edges: Iterable[EdgeRead]) -> None:
    """Fill the raw_ tables from a check folder. An edge without a file was not read, whatever is claimed."""
    run(con, "stage/tables")
    _stage(con, "members", [(_rows_of(folder, edge), kind, "") for edge, kind in MEMBER_EDGES.items()])
    _stage(con, "assets", [(_rows_of(folder, edge), *asset) for edge, asset in ASSET_EDGES.items()])
    _stage(con, "partners", [(_rows_of(folder, edge), kind, "") for edge, kind in PARTNER_EDGES.items()])
    _stage(con, "grants", [(_rows_of(folder, edge), kind, "") for edge, kind in GRANT_EDGES.items()])
    reads = [(_rows_of(folder, f"{edge}.read"), kind, "") for edge, kind in GRANT_EDGES.items()]
    _stage(con, "grant_reads", reads)
    complete = {read.edge for read in edges if read.complete and _rows_of(folder, read.edge).exists()}
    closing = list(_closing(complete))
    families, kinds, relations = (
        (list(column) for column in zip(*closing, strict=True)) if closing else ([],) * 3
    )
    run(con, "stage/closing", families=families, kinds=kinds, relations=relations)


def _closing(complete: set[str]) -> Iterable[tuple[str, str | None, str | None]]:
    """Yield (family, kind, relation) of what is known to be gone when it was not in the answers."""
    for edge, kind in MEMBER_EDGES.items():
        if edge in complete:
            yield "members", kind, None
    for edge, relation in PARTNER_EDGES.items():
        if edge in complete:
            yield "partners", None, relation
    for edge, (kind, relation) in ASSET_EDGES.items():
        if edge in complete:
            yield "hub_assets", kind, relation
    # seen only through grants: gone when neither a listing nor any member's grants could still show it
    for assigned, kind in GRANT_EDGES.items():
        listings = {edge for edge, (listed, _) in ASSET_EDGES.items() if listed == kind}
        if complete >= {assigned, *listings}:
            yield "hub_assets", kind, "seen"


def _rows_of(folder: Path, edge: str) -> Path:
    return folder / f"{edge}.ndjson.gz"


def _stage(con: duckdb.DuckDBPyConnection, shape: str, files: Sequence[tuple[Path, str, str]]) -> None:
    """Add the rows of files of one shape, each with its kind and relation; one that isn't there has none."""
    there = [(str(path), kind, relation) for path, kind, relation in files if path.exists()]
    if not there:
        return
    paths, kinds, relations = (list(column) for column in zip(*there, strict=True))
    try:
        run(con, f"stage/{shape}", paths=paths, kinds=kinds, relations=relations)
    except (duckdb.InvalidInputException, duckdb.IOException, duckdb.ConversionException) as error:
        if len(there) > 1:  # DuckDB doesn't always say which: the one that fails by itself
            for file in files:
                _stage(con, shape, [file])
        reason = str(error).strip().splitlines()[0]
        raise WarehouseError(f"{paths[0]} is damaged, run the check again: {reason}") from error
