"""What is wrong with a ledger that can't be used, in one line that says what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from tasks.errors import LedgerBusy, LedgerError

BACK = "bring back a backup of it"

# What SQLite says, and what to do; each of them leaves what was written before
_SQLITE = (
    ("not a database", "is not a ledger: move it away, or " + BACK),
    (
        "malformed",
        f"is damaged: move it away and {BACK}; `hubroster ledger verify` tells whether that is whole",
    ),
    ("could not decode", f"is damaged: move it away and {BACK}"),
    ("full", "can't be written to, the disk is full: make room and try again; nothing was written"),
    ("readonly", "may only be read: give this user the right to write it; nothing was written"),
    ("unable to open", "can't be opened: see that its folder is there and belongs to this user"),
    ("disk i/o error", "can't be read or written, the disk refuses: mend that and try again"),
    ("no such table", f"lacks a table: {BACK}"),
)
# The same of Postgres, by the first digits of its SQLSTATE
_POSTGRES = (
    ("53100", "can't be written to, its disk is full: make room and try again; nothing was written"),
    ("53300", "has no connection free: raise max_connections, or stop what holds them"),
    ("42501", "refuses that to the user of [ledger] url: grant it"),
    ("25006", "may only be read, it is a standby: name the primary in [ledger] url"),
    ("42P01", f"lacks a table: {BACK}"),
    ("XX", f"is damaged: {BACK}"),
)
_REFUSED = "refuses the user or the password of [ledger] url: mend them"
_ABSENT = "is not there: create that database"
_GONE = "doesn't answer: see that Postgres runs there and that [ledger] url is right; nothing was written"

_UNCONNECTED = (
    ("authentication", _REFUSED),
    ("password", _REFUSED),
    ("role ", _REFUSED),
    ("does not exist", _ABSENT),
)


@contextmanager
def tell_trouble(store: str, wait_s: float) -> Iterator[None]:
    """Raise LedgerError for the driver's errors that an operator can mend; `store` is the ledger's name."""
    try:
        yield
    except DBAPIError as error:
        _tell(store, wait_s, error.orig or error, error)
        raise
    except sqlite3.Error as error:  # from migrating, which talks to the driver itself
        _tell(store, wait_s, error, error)
        raise


def is_busy(error: BaseException | None) -> bool:
    """Say whether somebody else holds the ledger: SQLite's lock, or Postgres' after `lock_timeout`."""
    if isinstance(error, sqlite3.OperationalError):
        return "locked" in str(error)
    return getattr(error, "sqlstate", None) == "55P03"


def _tell(store: str, wait_s: float, driver: BaseException, error: Exception) -> None:
    if is_busy(driver):
        told = f"{store} is being written by another process, waited {wait_s:g} s: try again when it is done"
        raise LedgerBusy(told) from error
    if isinstance(driver, sqlite3.Error):
        said = str(driver).lower()
        for sign, what in _SQLITE:
            if sign in said:
                raise LedgerError(f"{store} {what}") from error
        return
    state = getattr(driver, "sqlstate", None)
    if state is None and type(driver).__name__ == "OperationalError":
        # psycopg has no code for a connection that was never made, and what it says may name the user
        what = next((what for sign, what in _UNCONNECTED if sign in str(driver)), _GONE)
        raise LedgerError(f"{store} {what}") from error
    for start, what in (*_POSTGRES, ("28", _REFUSED), ("3D", _ABSENT), ("08", _GONE), ("57P", _GONE)):
        if state and state.startswith(start):
            raise LedgerError(f"{store} {what}") from error
