"""Secrets by reference: `env:NAME`, `file:PATH`, `command:...`. The configuration never holds one itself."""

import os
import re
import shlex
import stat
import subprocess
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, SecretStr

from tasks.errors import SettingsError

_NAME = re.compile(r"[A-Za-z_]\w{0,63}", re.ASCII)
_LIKE_A_SECRET = re.compile(r"EAA[A-Za-z0-9]{16}|[0-9a-f]{32}")  # Meta's tokens, and the secrets of its apps


def _is_reference(value: str) -> str:
    kind, _, rest = value.partition(":")
    if kind not in {"env", "file", "command"} or not rest.strip():
        # The value itself may be a secret that somebody pasted: it is not repeated.
        raise ValueError("a secret is given by reference: env:NAME, file:PATH or command:...")
    if kind == "env" and (not _NAME.fullmatch(rest) or _LIKE_A_SECRET.search(rest)):
        raise ValueError("after env: comes the name of an environment variable, never the secret itself")
    return value


SecretRef = Annotated[str, AfterValidator(_is_reference)]


def resolve(reference: str, base: Path) -> SecretStr:
    """Return the secret that a reference names; relative files start at `base`.

    Raises SettingsError that names the reference and never the secret, nor has an exception in its train that
    does: a failed command's holds all that it printed, one of decoding the whole file.
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
        raise SettingsError(
            f"the secret {reference!r} is empty or not set: see that it is there where hubroster runs"
        )
    if not re.fullmatch(r"[!-~]+", found):
        raise SettingsError(f"the secret {reference!r} holds characters that no token has")
    return SecretStr(found)


def _from_file(path: Path, reference: str) -> str:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        content = None if mode & 0o077 else path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        failed = type(error).__name__
    else:
        if content is not None:
            return content
        raise SettingsError(f"the secret {reference!r} can be read by others: run `chmod 600 {path}`")
    raise SettingsError(f"the secret {reference!r} can't be read: {failed}")


def _from_command(command: str, reference: str) -> str:
    try:
        # The operator wrote this command into a file that only the operator can write; no shell is used.
        return subprocess.run(  # noqa: S603
            shlex.split(command), capture_output=True, text=True, timeout=30, check=True
        ).stdout
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        failed = type(error).__name__
    raise SettingsError(f"the secret {reference!r} can't be had: {failed}")
