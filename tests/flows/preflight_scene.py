"""A workspace whose one hub can be spoilt, one thing at a time, and the sandbox behind it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from deployments.sandbox.server import Sandbox
from flows.preflight.run import Preflight, preflight
from flows.settings import load_settings
from matching.preflight.point import Point

TEXT = """\
[workspace]
name = "Northwind"
[[directory]]
path = "{directory}"
[[hubs]]
label = "agency"
business_id = "{business_id}"
app_id = "{app_id}"
{secret}
token = "env:TOKEN"
{write}
sandbox = true
owners = {owners}
skip = {skip}
[meta]
graph_url = "{graph_url}"
api_version = "{api_version}"
[mail]
host = "{smtp_host}"
port = {smtp_port}
"""


class Scene:
    """The hub as it must be, until something of it is `set`."""

    def __init__(self, box: Sandbox, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.box, self.folder, self.patch = box, folder, patch
        self.path = folder / "hubroster.toml"
        patch.setenv("HUBROSTER_CONFIG", str(self.path))
        for name in ("HUBROSTER_HOME", "HUBROSTER_CLOCK_S", "PREFECT_API_URL", "PREFECT_API_AUTH_STRING"):
            patch.delenv(name, raising=False)
        self.demoted: list[str] = []
        self.heal()

    @property
    def home(self) -> Path:
        return self.folder / ".hubroster"

    def heal(self) -> None:
        """Set everything in the configuration as it must be."""
        world = self.box.world
        self.facts: dict[str, Any] = {
            **self.box.connection(),
            "directory": self.box.directory_path,
            "owners": [one["primary_email"] for one in self.employees()[:2]],
            "skip": [],
            "api_version": "v26.0",
            "secret": 'app_secret = "env:SECRET"',
            "write": 'write_token = "env:WRITE"',
        }
        self.set(TOKEN=world.access_token, WRITE=world.write_token, SECRET=world.app_secret)

    def set(self, **given: Any) -> None:
        """Set facts of the configuration, or, in capitals, of the environment."""
        for name in [name for name in given if name.isupper()]:
            self.patch.setenv(name, given.pop(name))
        self.facts |= given
        lists = {name: json.dumps(self.facts[name]) for name in ("owners", "skip")}
        self.path.write_text(TEXT.format(**self.facts | lists), encoding="utf-8")

    def employees(self, status: str = "active", kind: str = "employee") -> list[dict[str, Any]]:
        rows = self.box.world.directory
        return [row for row in rows if row["status"] == status and row["kind"] == kind]

    def token(self, **asked: object) -> str:
        return str(self.admin("tokens", asked)["access_token"])

    def admin(self, path: str, body: object) -> Any:
        return self.box.admin(path, body, method="POST")

    def now(self, **moved: float) -> str:
        return (datetime.now(UTC) + timedelta(**moved)).isoformat()

    def admins(self, *, is_system: bool = False) -> list[str]:
        users = self.box.world.users.values()
        return [one.id for one in users if one.role == "ADMIN" and one.is_system is is_system]

    def look(self) -> Preflight:
        settings = load_settings()
        return preflight(settings, settings.hubs)

    def points(self) -> dict[str, Point]:
        found = self.look()
        return {point.name: point for point in (*found.hubs["agency"], *found.workspace)}
