"""Reports on disk: `reports/<sha256>.json`, written once, readable by their owner alone."""

import hashlib
import json
import os
import re
from collections.abc import Iterable
from pathlib import Path
from secrets import token_hex
from typing import Any

from matching.roster.report import report_pieces
from tasks.boundaries import reached
from tasks.errors import HubrosterError, InputError


def write_report(home: Path, report: dict[str, Any]) -> str:
    """Write a report under its own hash and return that; a report that is there already is left alone.

    Raises HubrosterError when the folder can't be written to.
    """
    try:
        return _write_once(home / "reports", report_pieces(report))
    except OSError as error:
        where = home / "reports"
        raise HubrosterError(
            f"the report can't be written to {where}: {error.strerror or error}; mend that and check "
            "again: its changes are told then"
        ) from error


def _write_once(folder: Path, pieces: Iterable[bytes]) -> str:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial, told = folder / f".{token_hex(8)}", hashlib.sha256()
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            for piece in pieces:
                told.update(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        path = folder / f"{told.hexdigest()}.json"
        if path.exists():
            return path.stem
        reached("report.written")
        partial.replace(path)
        reached("report.named")
        return path.stem
    finally:
        partial.unlink(missing_ok=True)


def is_intact(home: Path, name: str) -> bool:
    """Say whether a report is there, and is what its id says; without reading a large one into memory."""
    try:
        with _only(home, name).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == name
    except InputError:
        return False


def read_report(home: Path, name: str) -> dict[str, Any]:
    """Return a report by its id, or by the first digits of it.

    Raises InputError when there is none, or several, or the file is not what its name says.
    """
    path = _only(home, name)
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != path.stem:
        raise InputError(f"{path} was changed after it was written: its hash is another one")
    report: dict[str, Any] = json.loads(data)
    return report


def _only(home: Path, name: str) -> Path:
    found = sorted((home / "reports").glob(f"{name}*.json")) if name.isalnum() else []
    if len(found) != 1:
        raise InputError(
            f"there {'is no report' if not found else 'are several reports'} {name!r} in {home / 'reports'}"
        )
    return found[0]


def erase_reports(home: Path, hub: str) -> int:
    """Remove the reports of a hub, half-written ones of killed checks as well; return how many there were.

    Those of other hubs stay, and so does one that is no report any more, as nobody can say whose it is.
    """
    going = [path for path in (home / "reports").glob("*.json") if _hub_of(path) == hub]
    of_hub = re.compile(rf'"check_id":"{re.escape(hub)}-\d{{8}}T')
    partial = [path for path in (home / "reports").glob(".*") if of_hub.search(_text_of(path))]
    for path in (*going, *partial):
        path.unlink(missing_ok=True)
    return len(going)


def _hub_of(path: Path) -> str | None:
    try:
        found: str = json.loads(path.read_bytes())["hub"]["label"]
    except (ValueError, KeyError, TypeError):
        return None
    return found


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:  # a check of another hub is done with it
        return ""
