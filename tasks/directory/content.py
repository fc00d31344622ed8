"""The bytes of a directory file, read once and whole."""

import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tasks.errors import DirectoryError

# A million people as CSV, and some 4 GB of memory; more is some other file.
MOST_BYTES = 256 * 1024 * 1024
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True, slots=True)
class Content:
    """What a file held, and when it was made (its own time, UTC)."""

    data: bytes
    made_at: datetime


def read_content(path: Path) -> Content:
    """Return the file's bytes.

    Raises DirectoryError for what is no plain file, is too large, or changed while it was read, and OSError
    when it can't be opened. Never waits: a pipe that nobody writes to is refused like any other.
    """
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as file:
        before = os.fstat(file.fileno())
        if not stat.S_ISREG(before.st_mode):
            raise DirectoryError("is no plain file")
        if before.st_size > MOST_BYTES:
            raise DirectoryError(f"has more than {MOST_BYTES >> 20} MB; that is no directory of people")
        data = file.read(MOST_BYTES + 1)
    # whoever writes in place, or puts another file there, would leave us half of one and half of the other
    if _seen(before) != _seen(path.stat()) or len(data) != before.st_size:
        raise DirectoryError("changed while it was read; check again when it is written")
    return Content(data, datetime.fromtimestamp(before.st_mtime, tz=UTC))


def _seen(found: os.stat_result) -> tuple[int, int, int, int]:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def text_of(data: bytes) -> str:
    """Return the text of a CSV or JSON file: UTF-8, or UTF-16 with its byte order mark.

    Raises DirectoryError for another encoding, for a block of zero bytes (a copy that broke off leaves one in
    the middle, with people missing), for a web page, and for an empty file.
    """
    encoding = _MARKS.get(data[:2], "utf-8-sig")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = 1
        with suppress(UnicodeDecodeError):
            line = data[: error.start].decode(encoding).count("\n") + 1
        name = "UTF-8" if encoding == "utf-8-sig" else "UTF-16"
        raise DirectoryError(f"is not {name} in line {line}; save it as UTF-8") from None
    if (zero := text.find("\0")) >= 0:
        line = text.count("\n", 0, zero) + 1
        raise DirectoryError(f"has zero bytes in line {line}, as a copy that broke off leaves them")
    start = text[:1000].lstrip()
    if not start:
        if text.strip():
            raise DirectoryError("begins with nothing but blanks")
        raise DirectoryError("is empty")
    if start.startswith("<"):
        raise DirectoryError("is a web page or XML; whoever fetched it was answered something else")
    return text
