"""The warehouse of a workspace, opened to look: read-only, and for as short as can be."""

from contextlib import AbstractContextManager

import duckdb

from flows.settings import Settings
from tasks.warehouse.connect import warehouse


def reading_warehouse(settings: Settings) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    """Open it; close it before anything slow. Raises WarehouseError before the first check."""
    return warehouse(
        settings.warehouse_path,
        lock_wait_s=settings.warehouse.lock_wait_s,
        read_only=True,
        memory_limit=settings.warehouse.memory_limit,
    )
