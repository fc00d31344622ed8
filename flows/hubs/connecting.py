"""Connecting a hub: looked at first, and written down only if it works. No file of a person's is edited."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, SecretStr, ValidationError

from flows.hubs.history import disconnected_business, earlier_business
from flows.hubs.kept_secrets import keep, let_go
from flows.preflight.run import Preflight, preflight
from flows.sections import Hub
from flows.settings import Settings, load_settings
from flows.settings_errors import mend
from flows.settings_files import config_path, home_of, hubs_beside, read_toml
from tasks.errors import InputError
from tasks.home_files import write_new

T = TypeVar("T", bound=BaseModel)
SECRETS = ("token", "write_token", "app_secret")


@dataclass(frozen=True, slots=True)
class NewHub:
    """A hub to connect. A secret is a reference (`env:NAME`, `file:PATH`, `command:...`), or itself."""

    label: str
    business_id: str
    app_id: str
    token: str | SecretStr
    owners: Sequence[str]
    app_secret: str | SecretStr | None = None
    write_token: str | SecretStr | None = None
    login_method: str = "sso"
    sandbox: str = ""  # the address of a stand-in for Meta


@dataclass(frozen=True, slots=True)
class NewWorkspace:
    """What a configuration that isn't there yet needs beside its first hub."""

    name: str
    directory: str
    timezone: str = "UTC"
    mail_host: str = "localhost"
    mail_port: int = 25
    mail_from: str = "hubroster@localhost"


@dataclass(frozen=True, slots=True)
class Connected:
    """What came of it: the points, and the files that were written, none where something was broken."""

    label: str
    found: Preflight
    files: list[Path] = field(default_factory=list)


def connect(hub: NewHub, workspace: NewWorkspace | None, *, anyway: bool = False) -> Connected:
    """Look at a hub, and write it to hubs.d/ if nothing is broken, or `anyway`.

    `workspace` is written to hubroster.toml where there is none. Secrets that were given themselves are kept
    in the home's `secrets/` (0600), and only their references written. Raises InputError and SettingsError.
    """
    path = config_path()
    main = None if path.is_file() else _main_table(hub, workspace)
    secrets = {name: one for name in SECRETS if isinstance(one := getattr(hub, name), SecretStr)}
    _checked(Hub, _hub_table(hub, dict.fromkeys(secrets, "file:kept")))  # the label will name files
    _require_new(hub, path)
    kept = {name: keep(home_of(path), hub.label, name, secret) for name, secret in secrets.items()}
    written: list[Path] = []
    try:
        table = _hub_table(hub, {name: _reference(file, path.parent) for name, file in kept.items()})
        settings = _settings(path, main, table)
        if hub.sandbox and settings.meta.graph_url != hub.sandbox:
            raise InputError(f"{path} has another [meta] graph_url than {hub.sandbox}: a workspace has one")
        found = preflight(settings, [settings.hub(hub.label)])
        if found.broken and not anyway:
            return Connected(hub.label, found)
        if main is not None:
            written.append(write_new(path, _toml(main, "Made by `hubroster connect`; yours to edit."), 0o644))
        notes = [f"Though broken when connected: {point.name}: {point.said}" for point in found.broken]
        head = "\n".join(["Made by `hubroster connect`.", *notes])
        file = path.parent / "hubs.d" / f"{hub.label}.toml"
        written.append(write_new(file, _toml(table, head), 0o600))
        return Connected(hub.label, found, written)
    finally:
        if not written:
            let_go(home_of(path), kept.values())


def unfit(key: str, text: str) -> str:
    """Return what is wrong with a hub's label, business_id or app_id, or nothing."""
    rest = {"label": "x", "business_id": "1", "app_id": "1", "token": "env:X"}
    try:
        _checked(Hub, rest | {key: text})
    except InputError as error:
        return str(error).partition(": ")[2]
    return ""


def needs_workspace() -> bool:
    """Say whether there is no configuration yet."""
    return not config_path().is_file()


def _require_new(hub: NewHub, path: Path) -> None:
    """Raise InputError for a label, a business or an Owner that can't be."""
    if not hub.owners:
        raise InputError("name the first Owner of the hub, an employee of the directory: --owner ADDRESS")
    if path.is_file():
        settings = load_settings(needs_hub=False)
        for one in settings.hubs:
            if one.label == hub.label:
                raise InputError(
                    f"there is a hub {hub.label!r} already: choose another label, or disconnect it"
                )
            if one.business_id == hub.business_id:
                raise InputError(f"business {hub.business_id} is connected already, as {one.label!r}")
        before = earlier_business(settings, hub.label) or disconnected_business(settings, hub.label)
        if before not in (None, hub.business_id):
            raise InputError(
                f"{hub.label!r} was the label of business {before}, whose history is kept: choose another"
            )
    if (file := path.parent / "hubs.d" / f"{hub.label}.toml").exists():
        raise InputError(f"{file} is there already, with another hub in it: choose another label")


def _settings(path: Path, main: Mapping[str, Any] | None, hub: Mapping[str, Any]) -> Settings:
    """Return the settings as they would be with this hub, which is in no file yet."""
    there = read_toml(path) if main is None else main
    hubs = [*there.get("hubs", []), *(table for _, table in hubs_beside(path)), hub]
    given = {"config_path": path, "home": home_of(path), **(main or {}), "hubs": hubs}
    return _checked(Settings, given)


def _checked(kind: type[T], given: Mapping[str, Any]) -> T:
    """Return what was given, or raise InputError; pydantic's own error would hold the values."""
    try:
        return kind(**given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        wrong = f"{where}: {mend(first['type'], first['msg'], first['loc'])}"
    raise InputError(wrong)


def _main_table(hub: NewHub, workspace: NewWorkspace | None) -> dict[str, Any]:
    if workspace is None:
        raise InputError(f"there is no {config_path()}: say --workspace NAME and --directory FILE as well")
    mail = {"host": workspace.mail_host, "port": workspace.mail_port, "from": workspace.mail_from}
    table: dict[str, Any] = {
        "workspace": {"name": workspace.name, "timezone": workspace.timezone},
        "directory": [{"path": workspace.directory}],
        "mail": mail,
    }
    return table | ({"meta": {"graph_url": hub.sandbox}} if hub.sandbox else {})


def _hub_table(hub: NewHub, kept: Mapping[str, str]) -> dict[str, Any]:
    given = {name: getattr(hub, name) for name in SECRETS} | dict(kept)
    table: dict[str, Any] = {
        "label": hub.label,
        "business_id": hub.business_id,
        "app_id": hub.app_id,
        **{name: value for name, value in given.items() if value},
        "login_method": hub.login_method,
        "owners": list(hub.owners),
    }
    return table | ({"sandbox": True} if hub.sandbox else {})


def _reference(file: Path, beside: Path) -> str:
    """Return the reference of a kept secret: relative where that can be, so that the folder may move."""
    return f"file:{file.relative_to(beside) if file.is_relative_to(beside) else file}"


def _toml(table: Mapping[str, Any], head: str) -> str:
    lines = [f"# {' '.join(line.split())}" for line in head.splitlines()]
    for name, value in table.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for one in value:
                lines += ["", f"[[{name}]]", *(_line(key, inner) for key, inner in one.items())]
        elif isinstance(value, dict):
            lines += ["", f"[{name}]", *(_line(key, inner) for key, inner in value.items())]
        else:
            lines.append(_line(name, value))
    return "\n".join(lines) + "\n"


def _line(key: str, value: Any) -> str:
    """Return a line of TOML: its strings, lists, numbers and booleans are JSON's, but for DEL."""
    return f"{key} = {json.dumps(value, ensure_ascii=False)}".replace("\x7f", "\\u007f")
