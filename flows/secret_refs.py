"""Secrets by reference: `env:NAME`, `file:PATH`, `command:...`. The configuration never holds one itself."""

import os
import shlex
import stat
import subprocess
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, SecretStr

from tasks.errors import SettingsError


def _is_reference(value: str) -> str:
    kind, _, rest = value.partition(":")
    if kind not in {"env", "file", "command"} or not rest.strip():
        # The value itself may be a secret that somebody pasted: it is not repeated.
        raise ValueError("a secret is given by reference: env:NAME, file:PATH or command:...")
    return value


SecretRef = Annotated[str, AfterValidator(_is_reference)]


def resolve(reference: str, base: Path) -> SecretStr:
    """Return the secret that a reference names; relative files start at `base`.

    Raises SettingsError that names the reference and never the secret.
    """
    kind, _, rest = reference.partition(":")
    match kind:
        case "env":
            found = os.environ.get(rest, "")
        case "file":
            found = _from_file(base / Path(rest).expanduser(), reference)
        case _:
            found = _from_command(rest, reference)
    found = found.strip()
    if not found:
        raise SettingsError(f"the secret {reference!r} is empty or not set")
    if not found.isprintable() or " " in found:
        raise SettingsError(f"the secret {reference!r} holds characters that no token has")
    return SecretStr(found)


def _from_file(path: Path, reference: str) -> str:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            raise SettingsError(f"the secret {reference!r} can be read by others: run `chmod 600 {path}`")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"the secret {reference!r} can't be read: {type(error).__name__}") from error


def _from_command(command: str, reference: str) -> str:
    try:
        # The operator wrote this command into a file that only the operator can write; no shell is used.
        done = subprocess.run(  # noqa: S603
            shlex.split(command), capture_output=True, text=True, timeout=30, check=True
        )
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise SettingsError(f"the secret {reference!r} can't be had: {type(error).__name__}") from None
    return done.stdout
