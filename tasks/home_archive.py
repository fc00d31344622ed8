"""One .tar.gz of a workspace: a manifest first, with the sha256 of each file, then the files."""

import gzip
import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tasks.errors import InputError
from tasks.home_files import named

MANIFEST = "manifest.json"
FORMAT = 1
MOST_MANIFEST_BYTES = 64 << 20
# What may be in one; anything else was put there by somebody else
NAMES = re.compile(
    r"home/(warehouse\.duckdb|ledger\.db|pseudonym\.key|reports/[0-9a-f]{64}\.json)"
    r"|config/(hubroster\.toml|hubs\.d/[^/\0]{1,200}\.toml)"
)


def write_archive(out: Path, files: Mapping[str, Path], facts: Mapping[str, Any]) -> dict[str, Any]:
    """Write the files under these names (0600, under its own name when it is whole); return the manifest."""
    if out.exists():
        raise InputError(f"{out} is there already: name another file, or remove it")
    manifest: dict[str, Any] = {
        "format": FORMAT,
        **facts,
        "files": {
            name: {"sha256": _sha256(path), "bytes": path.stat().st_size} for name, path in files.items()
        },
    }
    text = json.dumps(manifest, indent=1, sort_keys=True).encode()
    partial = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with (
            named(out),
            os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw,
        ):
            # A warehouse is compressed already: more effort than 1 takes longer and gains nothing
            with (
                gzip.GzipFile(out.stem, "wb", 1, raw) as packed,
                tarfile.open(fileobj=packed, mode="w|") as tar,
            ):
                _add(tar, MANIFEST, len(text), io.BytesIO(text))
                for name, path in files.items():
                    with path.open("rb") as file:
                        _add(tar, name, path.stat().st_size, file)
            raw.flush()
            os.fsync(raw.fileno())
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)
    return manifest


def unpack_archive(file: Path, into: Path) -> dict[str, Any]:
    """Unpack an archive into an empty folder (files 0600, folders 0700); return its manifest.

    Raises InputError for a file that is none, is cut, or holds what its manifest doesn't say.
    """
    left: dict[str, Any] = {}
    with _opened(file) as tar:
        first = tar.next()
        manifest = _manifest(file, tar, first)
        left.update(manifest["files"])
        for member in iter(tar.next, None):
            said = left.pop(member.name, None)
            data = tar.extractfile(member) if member.isreg() else None
            if said is None or data is None or not NAMES.fullmatch(member.name):
                raise InputError(f"{file} holds {member.name[:80]!r}, which no backup of hubroster has")
            path = into / member.name
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if _unpacked(data, path) != said["sha256"]:
                raise InputError(f"{file} was altered or is damaged: {member.name} is not what was saved")
    if left:
        raise InputError(f"{file} is cut off: {next(iter(left))} is missing")
    return manifest


@contextmanager
def _opened(file: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(file, "r|gz") as tar:
            yield tar
    except (tarfile.TarError, EOFError, gzip.BadGzipFile) as error:
        raise InputError(f"{file} is no backup of hubroster, or is damaged ({error})") from error
    except FileNotFoundError as error:
        if error.filename is not None and Path(error.filename) != file:
            raise
        raise InputError(f"there is no {file}") from error


def _manifest(file: Path, tar: tarfile.TarFile, member: tarfile.TarInfo | None) -> dict[str, Any]:
    data = tar.extractfile(member) if member and member.isreg() and member.name == MANIFEST else None
    try:
        found = json.loads(data.read(MOST_MANIFEST_BYTES)) if data else None
    except ValueError:
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("files"), dict):
        raise InputError(f"{file} is no backup of hubroster: it has no manifest")
    if found.get("format") != FORMAT:
        raise InputError(f"{file} was made by a newer hubroster: upgrade this one")
    return found


def _add(tar: tarfile.TarFile, name: str, size: int, data: Any) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    tar.addfile(info, data)


def _unpacked(data: Any, path: Path) -> str:
    digest = hashlib.sha256()
    with named(path), os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        while chunk := data.read(1 << 20):
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
