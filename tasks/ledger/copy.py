"""A copy of the ledger's file, whole whatever is being written meanwhile."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from tasks.errors import LedgerError
from tasks.ledger.stores import FILE


def copy_ledger(home: Path, to: Path) -> bool:
    """Copy `home/ledger.db` as it stands at one moment (0600); return False where there is none.

    By SQLite's own backup: copying the file alone would miss what is in its log, or tear a write. Raises
    LedgerError.
    """
    path = home / FILE
    if not path.exists():
        return False
    os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with closing(sqlite3.connect(path, timeout=30)) as source, closing(sqlite3.connect(to)) as copy:
            source.backup(copy)
    except sqlite3.Error as error:
        raise LedgerError(f"{path} can't be copied: {error}") from error
    return True
