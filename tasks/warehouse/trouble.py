"""What is wrong with a warehouse that can't be used, in one line that says what to do.

A damaged or lost warehouse is never begun anew by itself: the check after that would be a baseline, and tell
nothing of what has changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from tasks.errors import WarehouseError

MAGIC_AT, MAGIC = 8, b"DUCK"
# By class; what DuckDB raises as its plain Error is a checksum that is wrong. Any other is a bug of ours.
_TROUBLE = (
    duckdb.IOException,
    duckdb.FatalException,
    duckdb.InternalException,
    duckdb.SerializationException,
    duckdb.OutOfMemoryException,
)
_DAMAGE = ("Corrupt database file", "Could not read enough bytes", "deserialize", "INTERNAL Error")
_WRITING = ("Could not write", "No space left", "File too large", "Disk quota", "Read-only file system",
            "fsync", "Failed to commit", "failed to pre-allocate")  # fmt: skip


def require_intact(path: Path) -> None:
    """Raise WarehouseError for what can be seen without opening it, a warehouse that is lost above all."""
    reports = path.parent / "reports"
    if path.is_symlink() and not path.exists():
        raise WarehouseError(f"{path} is a link to {path.readlink()}, which is not there: bring that back")
    if path.is_dir():
        raise WarehouseError(f"{path} is a folder and not a file: {_bring_back(path)}")
    if path.with_name(f"{path.name}.tmp").is_file():
        raise WarehouseError(f"{path}.tmp is a file, where DuckDB needs a folder: move it away")
    if path.exists():
        if path.stat().st_size == 0:
            raise WarehouseError(f"{path} is empty: {_bring_back(path)}")
    elif any(reports.glob("*.json")):
        raise WarehouseError(f"{path} is gone, but not the reports that came of it: {_bring_back(path)}")


@contextmanager
def tell_trouble(path: Path, memory_limit: str) -> Iterator[None]:
    """Raise WarehouseError, in one line, for DuckDB's errors that an operator can mend."""
    try:
        yield
    except duckdb.Error as error:
        first = _first(error)
        if not _is_trouble(first):
            raise
        raise WarehouseError(_why(path, first, memory_limit)) from error


def _is_trouble(error: duckdb.Error) -> bool:
    """Say whether an error comes from the file, the disk or the memory, and not from a wrong statement."""
    return isinstance(error, _TROUBLE) or type(error) is duckdb.Error or "Failed to commit" in str(error)


def _first(error: duckdb.Error) -> duckdb.Error:
    """Return the error that began it: after it, the rollback fails too, and says less."""
    while isinstance(error.__context__, duckdb.Error):
        error = error.__context__
    return error


def _why(path: Path, error: duckdb.Error, memory_limit: str) -> str:
    line = str(error).strip().splitlines()[0]
    wal = f"{path}.wal"
    if isinstance(error, duckdb.OutOfMemoryException):
        return f"{path}: {memory_limit} of memory are not enough ({line}): raise [warehouse] memory_limit"
    if "replaying WAL" in line:
        return (
            f"{wal} is damaged, or of another file than {path} ({line}): move it away; the next check reads "
            "anew what it held"
        )
    if "with version number" in line:
        return f"{path} was written by a newer DuckDB: upgrade duckdb"
    if not _is_duckdb(path):
        return f"{path} is not a DuckDB file: {_bring_back(path)}"
    if any(sign in line for sign in _WRITING):
        return f"{path} can't be written to ({line}): make room, and check again; what it held stands"
    if any(sign in line for sign in _DAMAGE):
        return f"{path} is damaged ({line}): {_bring_back(path)}"
    return f"{path} can't be used ({line}): mend that and check again; if it is damaged, {_bring_back(path)}"


def _is_duckdb(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            file.seek(MAGIC_AT)
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return True  # whatever it is: DuckDB has said why it can't be opened


def _bring_back(path: Path) -> str:
    return (
        f"bring back a backup of it, or move it and {path.parent / 'reports'} away to begin without history"
    )
