"""What looking commands open: the warehouse, read-only and briefly, so that a check never waits long."""

from contextlib import AbstractContextManager

import duckdb

from flows.settings import Settings
from tasks.warehouse.connect import warehouse


def open_warehouse(settings: Settings) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    """Open the warehouse to look: close it before printing. Raises WarehouseError before the first check."""
    return warehouse(
        settings.warehouse_path,
        lock_wait_s=settings.warehouse.lock_wait_s,
        read_only=True,
        memory_limit=settings.warehouse.memory_limit,
    )
