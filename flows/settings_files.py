"""The files that the settings come from: where they are, and what stands in them."""

import os
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from flows.settings_errors import explain
from tasks.errors import SettingsError

T = TypeVar("T")


def config_path(config: Path | None = None) -> Path:
    """Return where the configuration is, or would be: HUBROSTER_CONFIG, or ./hubroster.toml."""
    return (config or Path(os.environ.get("HUBROSTER_CONFIG") or "hubroster.toml")).expanduser().resolve()


def home_of(path: Path) -> Path:
    """Return the home of the workspace whose configuration is at that path."""
    home = Path(os.environ.get("HUBROSTER_HOME") or ".hubroster").expanduser()
    return (path.parent / home).resolve()


def hubs_beside(path: Path) -> list[tuple[Path, dict[str, Any]]]:
    """Return the files in hubs.d/ beside the configuration, each with what it holds."""
    folder = path.parent / "hubs.d"
    return [(file, read_toml(file)) for file in sorted(folder.glob("*.toml"))] if folder.is_dir() else []


def valid(read: Callable[[], T], path: Path, root: type[BaseModel]) -> T:
    """Return what was read, or raise a SettingsError; pydantic's own, behind it, would hold the values."""
    try:
        return read()
    except ValidationError as error:
        wrong = explain(error, path, root)
    raise SettingsError(wrong)


def read_toml(path: Path) -> dict[str, Any]:
    """Return what a TOML file holds. Raises SettingsError in one line, without what stands there."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        wrong = f"{path}: not valid TOML: {error}"
    except (OSError, UnicodeDecodeError) as error:
        wrong = f"{path} can't be read: {error}"
    raise SettingsError(wrong)  # without the cause, which holds the whole file
