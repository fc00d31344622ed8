"""A world and the homes that check it: a home to spoil, and its twin that nothing befalls."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from deployments.sandbox.build import WorldPlan
from deployments.sandbox.server import Sandbox
from tasks.warehouse.snapshot import newest
from tests.flows.plain_check import HUB
from tests.reliability.facts import Facts, closed_facts, open_facts
from tests.reliability.killed_check import Ended, Fate, Running

CONFIG = '[workspace]\nname = "Northwind"\n[[directory]]\npath = "{directory}"\n{hub}'
MORE = "[warehouse]\nlock_wait_s = 0.5\n"


@dataclass
class Office:
    """A folder with a configuration, its home, and its snapshots."""

    folder: Path
    env: dict[str, str]

    @property
    def home(self) -> Path:
        return self.folder / ".hubroster"

    @property
    def warehouse(self) -> Path:
        return self.home / "warehouse.duckdb"

    @property
    def snapshots(self) -> Path:
        return self.folder / "snapshots"

    @property
    def pointer(self) -> bytes | None:
        file = self.snapshots / "latest.json"
        return file.read_bytes() if file.exists() else None

    def wait_for_locks(self, seconds: float) -> None:
        """Let checks wait so long for others."""
        config = self.folder / "hubroster.toml"
        config.write_text(config.read_text().replace(MORE, MORE.replace("0.5", str(seconds))))

    def start(self, fate: Fate | None = None, **how: Any) -> Running:
        """Start a check; `fate` is what befalls it."""
        return Running(self.env, fate, **how)

    def check(self, fate: Fate | None = None, **how: Any) -> Ended:
        """Check, to the end that it finds."""
        return self.start(fate, **how).end()

    @cached_property
    def facts(self) -> Facts:
        """What the warehouse holds; asked once, after the last check."""
        return open_facts(self.warehouse)

    def ended(self) -> dict[str, int]:
        """Return how many rows of each history are closed."""
        return {table: len(rows) for table, rows in closed_facts(self.warehouse).items()}

    def finished(self) -> list[tuple[str, bool]]:
        """Return the checks that were finished: the report of each, and whether it was complete."""
        with duckdb.connect(str(self.warehouse), read_only=True) as con:
            return con.execute(
                "select report_id, complete from checks where finished_at is not null order by started_at"
            ).fetchall()

    def told(self) -> list[tuple[str, str]]:
        """Return every change that finished checks have told: (kind, about) each, in order."""
        reports = [self.home / "reports" / f"{name}.json" for name, _ in self.finished()]
        changes = [change for file in reports for change in json.loads(file.read_bytes())["changes"]]
        return sorted((change["kind"], change["about"]) for change in changes)

    def kept(self) -> dict[str, bytes]:
        """Return what the next check begins with: every file but the raw answers and the locks."""
        files = [path for path in self.folder.rglob("*") if path.is_file() and path.suffix != ".lock"]
        read = {str(path.relative_to(self.folder)): path.read_bytes() for path in files}
        folder = str(self.folder).encode()
        return {
            name: content.replace(folder, b"") if name.endswith(".json") else content
            for name, content in read.items()
            if name != "hubroster.toml" and not name.startswith(".hubroster/raw/")
        }

    def grow_old(self) -> None:
        """Make the warehouse one of an older hubroster."""
        with duckdb.connect(str(self.warehouse)) as con:
            con.execute("drop table weighed")
            con.execute("delete from schema_migrations where number > 4")

    def copied(self, folder: Path) -> "Office":
        """Return the same office as it stands, in another folder."""
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns("*.lock"))
        other = Office(folder, {**self.env, "HUBROSTER_CONFIG": str(folder / "hubroster.toml")})
        if self.pointer:
            pointer = other.snapshots / "latest.json"
            pointer.write_text(pointer.read_text().replace(str(self.folder), str(folder)))
        return other


def office(folder: Path, box: Sandbox) -> Office:
    """Make an office in an empty folder."""
    folder.mkdir()
    hub = HUB.format(label="agency", **box.connection())
    (folder / "hubroster.toml").write_text(CONFIG.format(directory=box.directory_path, hub=hub) + MORE)
    env = {"HUBROSTER_CONFIG": str(folder / "hubroster.toml"), "TOKEN_agency": box.world.access_token}
    return Office(folder, env)


@dataclass
class Scene:
    """What each test begins with, and what has to come of it."""

    box: Sandbox
    start: Office
    twin: Office
    undisturbed: Ended

    def spoil(self, folder: Path, at: str = "") -> Office:
        """Return an office as it stands before the check, which will pass this boundary."""
        made = self.start.copied(folder / "office")
        if at.startswith("warehouse.migrat") and made.warehouse.exists():
            made.grow_old()
        if at.startswith("key."):
            (made.home / "pseudonym.key").unlink(missing_ok=True)
        return made

    def assert_whole(self, office: Office, before: bytes | None) -> None:
        """Assert that whoever looks now sees nothing half made; `before` is the pointer as it was."""
        assert_readable(office)
        if office.pointer != before:
            assert newest(office.snapshots) is not None

    def assert_next_is_equal(self, office: Office) -> None:
        """Assert that the next check is as if nothing had ever befallen any.

        Where a dead check has left nothing but raw answers, the next one begins as the twin did, to the byte.
        """
        if office.kept() != self.kept:
            self.assert_equal(office, office.check())

    @cached_property
    def kept(self) -> dict[str, bytes]:
        """What the twin began with."""
        return self.start.kept()

    def assert_equal(self, office: Office, ended: Ended) -> None:
        """Assert that after this check all is as if nothing had ever befallen any."""
        assert (ended.code, ended.said) == (self.undisturbed.code, self.undisturbed.said)
        for what in ("complete", "digest", "members", "assets", "grants", "people", "tabs"):
            assert ended.told[what] == self.undisturbed.told[what], what
        assert office.facts == self.twin.facts
        assert office.ended() == self.twin.ended()
        assert office.told() == self.twin.told()
        shown = newest(office.snapshots)
        assert shown is not None
        assert str(shown.full) == ended.told["snapshot"]
        assert_readable(office)


def assert_readable(office: Office) -> None:
    """Assert that reports are what their names say, and snapshots and the warehouse open."""
    from hashlib import sha256

    for file in (office.home / "reports").glob("[!.]*"):
        assert sha256(file.read_bytes()).hexdigest() == file.stem
    shown = newest(office.snapshots)
    for path in (shown.full, shown.masked) if shown else ():
        with duckdb.connect(str(path), read_only=True) as con:
            assert con.execute("select count(*) from roster.members").fetchone() != (0,)
    if office.warehouse.exists():
        with duckdb.connect(str(office.warehouse), read_only=True) as con:
            con.execute("select count(*) from checks")
    for path in office.folder.rglob("*"):
        assert_private(office, path)


def assert_private(office: Office, path: Path) -> None:
    """Assert that nobody else may read what is in a file of the home, or half made."""
    is_public = path.name in ("hubroster.toml", "latest.json") or path.name.endswith("-masked.duckdb")
    if path.is_file() and not (is_public and path.parent in (office.folder, office.snapshots)):
        closed = [one for one in (path, *path.parents) if one.stat().st_mode & 0o077 == 0]
        assert any(one.is_relative_to(office.folder) for one in closed), path


@contextmanager
def first_check(folder: Path) -> Iterator[Scene]:
    """An empty home."""
    with Sandbox(WorldPlan()) as box:
        start, twin = office(folder / "start", box), office(folder / "twin", box)
        yield Scene(box, start, twin, twin.check())


@contextmanager
def later_check(folder: Path) -> Iterator[Scene]:
    """A home that has checked once; since then people have acted by hand at Meta."""
    with Sandbox(WorldPlan()) as box:
        start = office(folder / "start", box)
        assert start.check().told["complete"]
        act_by_hand(box)
        twin = start.copied(folder / "twin")
        yield Scene(box, start, twin, twin.check())


def act_by_hand(box: Sandbox) -> None:
    """Remove a member, change a role, give and take a grant, and let somebody with a seat leave."""
    told = {member for story in box.world.stories.values() for member in story["member_ids"]}
    plain = [
        user.id
        for user in box.world.users.values()
        if not user.is_system and user.id not in told and len(box.world.grants.get(user.id, {})) > 1
    ]
    gone, promoted, richer, poorer = plain[:4]
    theirs = box.world.grants[richer]
    asset = next(one for one in box.world.assets if one not in theirs and one in box.world.grants[promoted])
    shown = {box.world.users[one].email for one in plain[4:] if not box.world.users[one].email_hidden}
    linked = next(row for row in box.world.directory if row["primary_email"] in shown)
    box.admin(f"members/{gone}/remove", {})
    box.admin(f"members/{promoted}/role", {"role": "DEVELOPER"})
    box.admin("grants", {"user": richer, "asset": asset, "tasks": list(box.world.grants[promoted][asset])})
    box.admin("grants/revoke", {"user": poorer, "asset": next(iter(box.world.grants[poorer]))})
    box.admin(f"directory/{linked['person_id']}", {"status": "deprovisioned"})
