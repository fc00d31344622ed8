"""Files of the home: what killed processes leave is swept away, and an error says which file it was."""

import fcntl
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

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


def taken(lock: int, how: int = fcntl.LOCK_EX) -> bool:
    """Take a file's lock if it is free; say whether it was."""
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
