"""Publish what the warehouse knows, as read-only files that readers open without getting in anybody's way."""

from __future__ import annotations

import json
import re
import shutil
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tasks.errors import WarehouseError
from tasks.warehouse.snapshot_build import build

if TYPE_CHECKING:
    import duckdb

POINTER = "latest.json"


@dataclass(frozen=True, slots=True)
class Published:
    """The two files of one snapshot; only the masked one may be passed on."""

    full: Path
    masked: Path


def publish(
    con: duckdb.DuckDBPyConnection, directory: Path, workspace: str, at: datetime, salt: bytes
) -> Published:
    """Publish a full (0600) and a masked (0644) snapshot and point `latest.json` to them.

    Files are new each time and take their names when they are whole; the pointer is written last. `salt` keys
    the pseudonyms of the masked file: with the same one they are the same in every snapshot.
    """
    slug = _slug(workspace)
    try:
        directory.mkdir(mode=0o755, parents=True, exist_ok=True)
        directory = directory.resolve()
        stem = _free_stem(directory, f"{slug}-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}")
        building = directory / f".building-{slug}"
        shutil.rmtree(
            building, ignore_errors=True
        )  # one that a killed process left; the warehouse's lock is ours
        building.mkdir(mode=0o700)
        try:
            published = Published(directory / f"{stem}-full.duckdb", directory / f"{stem}-masked.duckdb")
            for file, masked, mode in ((published.full, False, 0o600), (published.masked, True, 0o644)):
                build(con, building / file.name, workspace=workspace, at=at, masked=masked, salt=salt)
                (building / file.name).chmod(mode)
            for file in (published.full, published.masked):
                (building / file.name).replace(file)
            _point(building, directory, published, at)
        finally:
            shutil.rmtree(building, ignore_errors=True)
    except OSError as error:
        raise WarehouseError(f"no snapshot could be written to {directory}: {error.strerror}") from error
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


def _point(building: Path, directory: Path, published: Published, at: datetime) -> None:
    pointer = building / POINTER
    told = {
        "at": at.astimezone(UTC).isoformat(),
        "full": str(published.full),
        "masked": str(published.masked),
    }
    pointer.write_text(json.dumps(told) + "\n", encoding="utf-8")
    pointer.chmod(0o644)
    pointer.replace(directory / POINTER)


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
