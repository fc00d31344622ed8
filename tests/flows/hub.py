"""A workspace with one hub, and the sandbox behind it."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deployments.sandbox.build import WorldPlan
from deployments.sandbox.server import Sandbox

CONFIG = """\
[workspace]
name = "Northwind"
[[directory]]
path = "{directory_path}"
[[hubs]]
label = "agency"
business_id = "{business_id}"
app_id = "{app_id}"
token = "env:TEST_TOKEN"
sandbox = true
skip = {skip}
[meta]
graph_url = "{graph_url}"
"""


@dataclass
class Hub:
    """A workspace with one hub, and the sandbox behind it."""

    box: Sandbox
    folder: Path

    def check(self) -> dict[str, Any]:
        """Run the flow and return what `check --json` prints."""
        from flows.check import check_for_updates

        return asyncio.run(check_for_updates("agency"))

    def report(self, result: dict[str, Any]) -> dict[str, Any]:
        """Return the report that a check wrote."""
        path = self.folder / ".hubroster" / "reports" / f"{result['report_id']}.json"
        report: dict[str, Any] = json.loads(path.read_bytes())
        return report

    def story(self, name: str) -> dict[str, list[str]]:
        """Return the ids in one of the world's named stories."""
        return self.box.world.stories[name]

    def admin(self, path: str, body: object = None) -> Any:
        """Act by hand at Meta, or set the world up."""
        return self.box.admin(path, body if body is not None else {}, method="POST")


@contextmanager
def hub_of(
    folder: Path, monkeypatch: pytest.MonkeyPatch, plan: WorldPlan, skip: tuple[str, ...] = ()
) -> Iterator[Hub]:
    """Start a sandbox and make a workspace for it in an empty folder."""
    with Sandbox(plan) as box:
        config = folder / "hubroster.toml"
        config.write_text(CONFIG.format(**box.connection(), skip=json.dumps(list(skip))))
        monkeypatch.setenv("HUBROSTER_CONFIG", str(config))
        monkeypatch.setenv("TEST_TOKEN", box.world.access_token)
        monkeypatch.delenv("HUBROSTER_HOME", raising=False)
        yield Hub(box, folder)
