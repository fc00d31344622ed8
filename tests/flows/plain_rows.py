"""Hubs and a directory that a test tells in rows: a check of them needs no sandbox."""

import csv
import json
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from flows.checking.steps import read_directory
from flows.settings import load_settings
from tasks.directory.read import PEOPLE_COLUMNS
from tasks.meta.completeness import ScopeGap
from tests.flows.plain_check import Check, Workspace
from tests.tasks.check_folder import reads, write_folder

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
ROWS_HUB = """
[[hubs]]
label = "{label}"
business_id = "{number}"
app_id = "2"
token = "env:NONE"
sandbox = true
"""


class RowsWorkspace(Workspace):
    """Hubs that are told in rows (see tests/tasks/check_folder.py), and a directory in rows."""

    def people(self, *rows: Mapping[str, Any], file: str = "people.csv", at: datetime | None = None) -> None:
        """Write the directory file; `at` is when it was made."""
        columns = list(dict.fromkeys([*PEOPLE_COLUMNS, *(name for row in rows for name in row)]))
        with (self.folder / file).open("w", encoding="utf-8", newline="") as out:
            lines = csv.writer(out)
            lines.writerow(columns)
            lines.writerows([[row.get(name, "") for name in columns] for row in rows])
        made = (at or load_settings().now()).timestamp()
        os.utime(self.folder / file, (made, made))

    def read(
        self,
        world: Rows,
        *,
        label: str = "acme",
        incomplete: Mapping[str, Sequence[ScopeGap]] | None = None,
        without: Sequence[str] = (),
    ) -> Check:
        """Begin a check that has read these rows."""
        job = self.begin(label)
        directory = [read_directory(job, source) for source in job.settings.directory]
        told = {**_reads_of(world), **world}
        write_folder(job.folder, told, without)
        (job.folder / "business.json").write_text(json.dumps({"id": job.hub.business_id, "name": label}))
        return Check(job, reads(incomplete), directory)

    def check(self, world: Rows, **how: Any) -> Check:
        return self.read(world, **how).whole()


def _reads_of(world: Rows) -> dict[str, list[dict[str, str]]]:
    """Say that every user's and system user's assigned edges were read to the end."""
    kinds = (("user", "business_users"), ("system", "system_users"))
    everybody = [
        {"member_kind": kind, "member_id": str(row["id"])}
        for kind, edge in kinds
        for row in world.get(edge, [])
    ]
    kinds_of_assets = ("pages", "ad_accounts", "product_catalogs", "business_asset_groups")
    return {f"assigned_{kind}.read": everybody for kind in kinds_of_assets}


def rows_workspace(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    hubs: Sequence[str] = ("acme",),
    sources: Sequence[str] = ("people.csv",),
    absence: str = "missing",
    more: str = "",
) -> RowsWorkspace:
    """Make a workspace whose hubs are told in rows."""
    directory = "".join(f'[[directory]]\npath = "{file}"\nabsence = "{absence}"\n' for file in sources)
    connected = "".join(ROWS_HUB.format(label=label, number=number) for number, label in enumerate(hubs, 1))
    return RowsWorkspace(
        folder, monkeypatch, f'[workspace]\nname = "Northwind"\n{directory}{connected}{more}'
    )


def member(number: int | str, name: str | None = None, **more: Any) -> dict[str, Any]:
    """Return a row of business_users."""
    row = {"id": str(number), "name": name or f"Member {number}", "role": "EMPLOYEE", **more}
    return {key: value for key, value in row.items() if value is not None}


def person(number: int | str, name: str, **more: Any) -> dict[str, Any]:
    """Return a row of the directory, with an address at northwind.example."""
    local = name.lower().replace(" ", ".")
    return {
        "person_id": f"p{number}",
        "display_name": name,
        "primary_email": f"{local}@northwind.example",
        "status": "active",
        **more,
    }


def grant(member_id: int | str, asset: int | str, *tasks: str, kind: str = "user") -> dict[str, Any]:
    """Return a row of an assigned edge."""
    return {
        "member_kind": kind,
        "member_id": str(member_id),
        "id": str(asset),
        "name": f"Asset {asset}",
        "tasks": list(tasks or ("MANAGE",)),
    }
