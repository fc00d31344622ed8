"""Secrets that were typed in: each a file of its own in the home's `secrets/`, 0600, its folder 0700."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from pydantic import SecretStr

from flows.sections import Hub
from flows.settings import Settings
from tasks.home_files import write_anew


def folder(home: Path) -> Path:
    """Return where they are."""
    return home / "secrets"


def keep(home: Path, label: str, name: str, secret: SecretStr) -> Path:
    """Write a secret of a hub down and return its file; one that is there of an earlier try is replaced."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder(home).mkdir(mode=0o700, exist_ok=True)
    return write_anew(
        folder(home) / f"{label}.{name.replace('_', '-')}", secret.get_secret_value() + "\n", 0o600
    )


def let_go(home: Path, files: Iterable[Path]) -> None:
    """Remove these files, and the folders where nothing is left in them."""
    for file in files:
        file.unlink(missing_ok=True)
    for one in (folder(home), home):
        with suppress(OSError):  # something is in it, or it never was
            one.rmdir()


def kept_for(settings: Settings, hub: Hub) -> list[Path]:
    """Return the files that `keep` made for this hub; not one that another hub refers to as well."""
    others = _of_others(settings, hub.label)
    return sorted(file for file in _files(settings, hub) if file not in others and file.is_file())


def left_of(settings: Settings, label: str) -> list[Path]:
    """Return the files that `keep` made under a label, whatever still refers to them but another hub."""
    return sorted(set(folder(settings.home).glob(f"{label}.*")) - _of_others(settings, label))


def _of_others(settings: Settings, label: str) -> set[Path]:
    return {file for one in settings.hubs if one.label != label for file in _files(settings, one)}


def _files(settings: Settings, hub: Hub) -> set[Path]:
    references = [one for one in (hub.token, hub.write_token, hub.app_secret) if one]
    paths = {
        settings.beside_config(Path(one.removeprefix("file:")).expanduser())
        for one in references
        if one.startswith("file:")
    }
    return {path for path in paths if path.parent == folder(settings.home)}
