"""The check folder: raw answers after the allow-list, one gzip NDJSON file an edge, whole or not there."""

import gzip
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from tasks.boundaries import reached
from tasks.home_files import named
from tasks.meta.json_text import dumps

_BUFFER = 1 << 18
_BEGAN = re.compile(r"-(\d{8}T\d{6}Z)-[0-9a-f]+$")  # the end of a check's id


def make_folder(folder: Path) -> None:
    """Make the folder of one check, for its owner only."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def remove_folder(folder: Path) -> None:
    """Remove the folder of a check that writes nothing."""
    shutil.rmtree(folder, ignore_errors=True)


def prune_folders(root: Path, before: datetime) -> int:
    """Remove the folders below `root` of checks that began before a time, by their names; return how many."""
    old = [
        folder
        for folder in root.glob("*/*")
        if (began := _BEGAN.search(folder.name))
        and datetime.strptime(began[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) < before
    ]
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
    reached("raw.pruned")
    return len(old)


class RowsFile:
    """A file of rows under way. It takes its name with `keep()`; without it, it leaves nothing behind."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._part = path.with_name(f".{path.name}.part")
        self._rows: list[bytes] = []
        self._size = 0
        self._kept = False

    def __enter__(self) -> Self:
        make_folder(self.path.parent)
        raw = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._raw = os.fdopen(raw, "wb")
        self._gzip = self._begin()
        return self

    def _begin(self) -> gzip.GzipFile:
        return gzip.GzipFile(filename="", mode="wb", compresslevel=1, fileobj=self._raw, mtime=0)

    def restart(self) -> None:
        """Forget all rows."""
        self._rows.clear()
        self._size = 0
        self._gzip.close()
        self._raw.seek(0)
        self._raw.truncate()
        self._gzip = self._begin()

    def write(self, rows: Iterable[Mapping[str, object]]) -> None:
        """Write one line a row."""
        for row in rows:
            line = dumps(row)
            self._rows.append(line)
            self._size += len(line)
        if self._size >= _BUFFER:
            self._flush()

    def keep(self) -> None:
        """Let the file stay, under its name, when it is closed."""
        self._kept = True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        try:
            if self._kept and error is None:
                with named(self.path):
                    self._flush()
                    self._gzip.close()
                    self._raw.close()
                reached("raw.rows_written")
                self._part.replace(self.path)
                reached("raw.rows_named")
        finally:
            for file in (self._gzip, self._raw):
                with suppress(OSError):  # a full disk, which has been told
                    file.close()
            self._part.unlink(missing_ok=True)

    def _flush(self) -> None:
        if self._rows:
            with named(self.path):
                self._gzip.write(b"\n".join(self._rows) + b"\n")
        self._rows.clear()
        self._size = 0


def write_whole(path: Path, content: bytes) -> None:
    """Write a small file at once, for its owner only."""
    part = path.with_name(f".{path.name}.part")
    try:
        with (
            named(path),
            os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file,
        ):
            file.write(content)
        reached("raw.whole_written")
        part.replace(path)
        reached("raw.whole_named")
    finally:
        part.unlink(missing_ok=True)


def append_files(whole: Path, parts: Iterable[Path]) -> None:
    """Add what stands in the parts to the end of a kept file; they are gone afterwards.

    Files of gzip may follow each other in one (RFC 1952 §2.2), so nothing is compressed twice.
    """
    aside = whole.with_name(f".{whole.name}.part")
    try:
        with (
            named(whole),
            os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target,
        ):
            for part in (whole, *parts):
                with part.open("rb") as source:
                    shutil.copyfileobj(source, target)
        reached("raw.parts_appended")
        aside.replace(whole)
        reached("raw.parts_named")
    finally:
        aside.unlink(missing_ok=True)
