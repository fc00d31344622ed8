"""A copy of the warehouse's file, whole."""

import os
import shutil
from contextlib import ExitStack
from pathlib import Path

from tasks.home_files import named
from tasks.warehouse.connect import warehouse
from tasks.warehouse.trouble import tell_trouble


def copy_warehouse(path: Path, to: Path, *, lock_wait_s: float, memory_limit: str) -> bool:
    """Copy the file while nobody can write it (0600); return False where there is none.

    Raises WarehouseLocked when a check holds it for longer than `lock_wait_s`, and WarehouseError.
    """
    if not path.exists():
        return False
    with ExitStack() as stack:
        # Opened before and closed after DuckDB's: closing any handle of a file gives its lock away
        source = stack.enter_context(path.open("rb"))
        con = stack.enter_context(warehouse(path, lock_wait_s=lock_wait_s, memory_limit=memory_limit))
        con.execute("checkpoint")  # nothing is left in the log beside it
        with (
            tell_trouble(to, memory_limit),
            named(to),
            os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as copy,
        ):
            shutil.copyfileobj(source, copy, 1 << 20)
    return True
