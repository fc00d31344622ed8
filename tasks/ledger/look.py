"""A look at the ledger that writes nothing: whether it is there, whole, and this user's to write."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tasks.errors import LedgerError
from tasks.home_files import may_hold
from tasks.ledger.stores import FILE, postgres_at, require_intact
from tasks.ledger.trouble import tell_trouble

_MAY_WRITE = """
    select case when to_regclass('entries') is null then has_schema_privilege(current_schema(), 'create')
        else has_table_privilege('entries', 'insert') end
"""


def look_at_ledger(url: str, home: Path, *, wait_s: float = 5) -> tuple[str, bool]:
    """Return what messages call the ledger, and whether it was begun. Raises LedgerError."""
    return _look_at_sqlite(home / FILE, wait_s) if url == "sqlite" else _look_at_postgres(url, wait_s)


def _look_at_sqlite(path: Path, wait_s: float) -> tuple[str, bool]:
    require_intact(path)
    if reason := may_hold(path):
        raise LedgerError(f"{path} can't be written: {reason}")
    if not path.exists():
        return str(path), False
    with (
        tell_trouble(str(path), wait_s),
        closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=wait_s)) as con,
    ):
        con.execute("select seq from entries order by seq desc limit 1").fetchone()
    return str(path), True


def _look_at_postgres(url: str, wait_s: float) -> tuple[str, bool]:
    store = postgres_at(url, wait_s)
    try:
        with tell_trouble(store.name, wait_s), store.engine.connect() as con:
            may = con.exec_driver_sql(_MAY_WRITE).scalar()
            begun = con.exec_driver_sql("select to_regclass('entries') is not null").scalar()
    finally:
        store.engine.dispose()
    if not may:
        raise LedgerError(f"{store.name} refuses writing to the user of [ledger] url: grant it")
    return store.name, bool(begun)
