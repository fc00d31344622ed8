"""The warehouse of a workspace, opened for as short as can be: to look, or to write."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

import duckdb

from flows.settings import Settings
from tasks.errors import WarehouseOlder
from tasks.warehouse.connect import warehouse

Opening = Callable[[Settings], AbstractContextManager[duckdb.DuckDBPyConnection]]
GLANCE_S = 2.0  # what somebody waits who would rather go without


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


def glancing_at_warehouse(settings: Settings) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    """Open it read-only as it is, for whoever comes often and asks little.

    Never makes it, and never brings it up to date: raises WarehouseError before the first check,
    WarehouseOlder after an upgrade, and WarehouseLocked after `GLANCE_S` at most.
    """
    wait_s = min(GLANCE_S, settings.warehouse.lock_wait_s)
    return open_warehouse(settings, read_only=True, lock_wait_s=wait_s)


def open_warehouse(
    settings: Settings, *, read_only: bool = False, lock_wait_s: float | None = None
) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    """Open it as `tasks.warehouse.connect.warehouse` does; read-only, an older one raises WarehouseOlder.

    Waits `[warehouse] lock_wait_s`, unless told otherwise.
    """
    return warehouse(
        settings.warehouse_path,
        lock_wait_s=settings.warehouse.lock_wait_s if lock_wait_s is None else lock_wait_s,
        read_only=read_only,
        memory_limit=settings.warehouse.memory_limit,
    )
