"""Publish what the warehouse knows, as read-only files that readers open without getting in anybody's way."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import time
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tasks.boundaries import reached
from tasks.errors import WarehouseError
from tasks.warehouse.snapshot_build import build, known_people

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

POINTER = "latest.json"
BUILDING = ".building-"
ABANDONED_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class Published:
    """The two files of one snapshot; only the masked one may be passed on."""

    full: Path
    masked: Path


def publish(
    con: duckdb.DuckDBPyConnection,
    directory: Path,
    workspace: str,
    at: datetime,
    salt: bytes,
    people: pd.DataFrame,
    head: str | None = None,
) -> Published:
    """Publish a full (0600) and a masked (0644) snapshot and point `latest.json` to them.

    Files are new each time and take their names when they are whole; the pointer is written last. `salt` keys
    the pseudonyms of the masked file: with the same one they are the same in every snapshot. `people` are
    those whom matching knows, a row for each id (see `known_people`). `head` is the ledger's, `seq hash`.
    """
    try:
        directory.mkdir(mode=0o755, parents=True, exist_ok=True)
        directory = directory.resolve()
        _sweep(directory)
        stem = _free_stem(directory, f"{_slug(workspace)}-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}")
        building = Path(tempfile.mkdtemp(prefix=BUILDING, dir=directory))  # 0700
        try:
            published = Published(directory / f"{stem}-full.duckdb", directory / f"{stem}-masked.duckdb")
            with known_people(con, people):
                for file, masked, mode in ((published.full, False, 0o600), (published.masked, True, 0o644)):
                    new = building / file.name
                    build(con, new, workspace=workspace, at=at, masked=masked, salt=salt, head=head)
                    new.chmod(mode)
                    reached(f"snapshot.{'masked' if masked else 'full'}_built")
            for file, which in ((published.full, "full"), (published.masked, "masked")):
                (building / file.name).replace(file)
                reached(f"snapshot.{which}_named")
            _point(building, directory, published, at)
        finally:
            shutil.rmtree(building, ignore_errors=True)
    except OSError as error:
        raise WarehouseError(
            f"no snapshot could be written to {directory}: {error.strerror or error}"
        ) from error
    return published


def newest(directory: Path) -> Published | None:
    """Return the snapshot that `latest.json` points to, None when there is none or its files are gone."""
    try:
        told = json.loads((directory / POINTER).read_text(encoding="utf-8"))
        found = Published(Path(told["full"]), Path(told["masked"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if found.full.exists() and found.masked.exists() else None


def published_files(directory: Path) -> list[Path]:
    """Return the published files, the newest first."""
    files = (*directory.glob("*-full.duckdb"), *directory.glob("*-masked.duckdb"))
    return sorted(files, reverse=True)


def _sweep(directory: Path) -> None:
    """Remove what killed processes left half-built: it holds personal data."""
    for left in directory.glob(f"{BUILDING}*"):
        if time.time() - left.stat().st_mtime > ABANDONED_S:
            shutil.rmtree(left, ignore_errors=True)


def prune_snapshots(directory: Path, workspace: str, keep: int) -> int:
    """Remove all but the newest `keep` snapshots (two files each) of a workspace; return how many files went.

    The whole history is in every snapshot: an old file holds little that the newest doesn't. Who has one open
    goes on reading it. Files that we didn't name are left alone, and so are those that `latest.json` points
    to: after a clock that went back they aren't the newest by name.
    """
    stems = sorted(_ours(directory, workspace))
    old = [directory / f"{stem}-{kind}.duckdb" for stem in stems[:-keep] for kind in ("full", "masked")]
    told = newest(directory)
    going = [path for path in old if told is None or path not in (told.full, told.masked)]
    for path in going:
        with suppress(OSError):  # it stays until the next time; the new snapshot is published all the same
            path.unlink(missing_ok=True)
    reached("snapshot.pruned")
    return len(going)


def remove_others(directory: Path, workspace: str, kept: Published | None) -> list[Path]:
    """Remove every file that we published here but these two, and return them; what can't go is an OSError.

    Without `kept` the pointer goes as well.
    """
    staying = (kept.full, kept.masked) if kept else ()
    going = [path for paths in _ours(directory, workspace).values() for path in paths if path not in staying]
    if not kept:
        (directory / POINTER).unlink(missing_ok=True)
    for path in going:
        path.unlink(missing_ok=True)
    return going


def _ours(directory: Path, workspace: str) -> dict[str, list[Path]]:
    """Return the files that we named, by the stem that a full one and its masked one share."""
    ours = re.compile(rf"({re.escape(_slug(workspace))}-\d{{8}}T\d{{6}}Z(?:-\d+)?)-(?:full|masked)")
    found: dict[str, list[Path]] = {}
    for path in published_files(directory):
        if name := ours.fullmatch(path.stem):
            found.setdefault(name[1], []).append(path)
    return found


def _point(building: Path, directory: Path, published: Published, at: datetime) -> None:
    pointer = building / POINTER
    told = {
        "at": at.astimezone(UTC).isoformat(),
        "full": str(published.full),
        "masked": str(published.masked),
    }
    pointer.write_text(json.dumps(told) + "\n", encoding="utf-8")
    pointer.chmod(0o644)
    reached("snapshot.pointer_written")
    pointer.replace(directory / POINTER)
    reached("snapshot.pointer_named")


def _slug(workspace: str) -> str:
    plain = unicodedata.normalize("NFKD", workspace).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "workspace"


def _free_stem(directory: Path, stem: str) -> str:
    """Return the stem, or with -2, -3 … the first one that no file has."""
    number, free = 1, stem
    while any((directory / f"{free}-{kind}.duckdb").exists() for kind in ("full", "masked")):
        number += 1
        free = f"{stem}-{number}"
    return free
