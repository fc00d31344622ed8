"""The warehouse of a workspace, opened for as short as can be: to look, or to write."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

import duckdb

from flows.settings import Settings
from tasks.errors import WarehouseOlder
from tasks.warehouse.connect import warehouse


@contextmanager
def reading_warehouse(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open it read-only; close it before anything slow. Raises WarehouseError before the first check.

    One that an older hubroster made is brought up to date first: after an upgrade nobody waits for a check.
    """
    with ExitStack() as stack:
        try:
            con = stack.enter_context(open_warehouse(settings, read_only=True))
        except WarehouseOlder:
            with open_warehouse(settings):
                pass
            con = stack.enter_context(open_warehouse(settings, read_only=True))
        yield con


def open_warehouse(
    settings: Settings, *, read_only: bool = False
) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    """Open it as `tasks.warehouse.connect.warehouse` does; read-only, an older one raises WarehouseOlder."""
    return warehouse(
        settings.warehouse_path,
        lock_wait_s=settings.warehouse.lock_wait_s,
        read_only=read_only,
        memory_limit=settings.warehouse.memory_limit,
    )
