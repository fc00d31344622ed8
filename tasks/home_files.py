"""Files of the home: what killed processes leave is swept away, an error says which file it was."""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tasks.errors import InputError

ABANDONED_S = 24 * 3600  # longer than any check


@contextmanager
def named(path: Path) -> Iterator[None]:
    """Put the file's name into an OSError that has none: a full disk shows on writing, not on opening."""
    try:
        yield
    except OSError as error:
        if error.errno is not None and error.filename is None:
            raise type(error)(error.errno, error.strerror, str(path)) from error
        raise


def sweep(folder: Path, *patterns: str) -> None:
    """Remove files and folders of these names that nobody has touched for a day."""
    for left in [one for pattern in patterns for one in folder.glob(pattern)]:
        with suppress(OSError):  # somebody else was quicker, or may remove it and we may not
            if time.time() - left.lstat().st_mtime > ABANDONED_S:
                shutil.rmtree(left) if left.is_dir() else left.unlink()


def may_hold(path: Path) -> str:
    """Return why this user can't write a file there, now or once it is made; nothing where he can."""
    there = path if path.exists() else next(one for one in path.parents if one.exists())
    if there is not path and not there.is_dir():
        return f"{there} is no folder"
    folder = there.parent if there is path else there
    for one in (there, folder):
        if not os.access(one, os.W_OK):
            return f"this user may not write {one}"
    return ""


def write_new(path: Path, text: str, mode: int) -> Path:
    """Write a file that is not there yet, whole or not at all, and return it. Raises InputError if it is."""
    aside = _aside(path, text, mode)
    try:
        os.link(aside, path)
    except FileExistsError:
        raise InputError(f"{path} is there already: nothing was written over it") from None
    finally:
        aside.unlink()
    return path


def write_anew(path: Path, text: str, mode: int) -> Path:
    """Write a file, whole or not at all, over what was there, and return it."""
    _aside(path, text, mode).replace(path)
    return path


def _aside(path: Path, text: str, mode: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.unlink(missing_ok=True)
    with (
        named(aside),
        os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as file,
    ):
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return aside


def taken(lock: int, how: int = fcntl.LOCK_EX) -> bool:
    """Take a file's lock if it is free; say whether it was."""
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
