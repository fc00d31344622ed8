"""The installed `hubroster` and its sandbox as processes of their own, in folders of their own."""

import atexit
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from urllib.request import Request, urlopen

HUBROSTER = Path(sys.executable).with_name("hubroster")  # the console script of this environment
SURROUNDINGS = ("HUBROSTER_", "PREFECT_", "PYTHONPATH", "PYTEST_")  # the session's, not a user's

# what scripts read of a check, whatever became of it (design §12)
CHECK_KEYS = {
    "hub",
    "check_id",
    "complete",
    "edges",
    "members",
    "assets",
    "grants",
    "people",
    "directory",
    "tabs",
    "changes",
    "proposals",
    "held_back",
    "report_id",
    "digest",
    "snapshot",
    "snapshot_masked",
}
CONFIG = """\
[workspace]
name = "Northwind"
[[directory]]
path = "{directory_path}"
[[hubs]]
label = "agency"
business_id = "{business_id}"
app_id = "{app_id}"
app_secret = "env:AGENCY_SECRET"
token = "env:AGENCY_TOKEN"
sandbox = true
[meta]
graph_url = "{graph_url}"
[warehouse]
lock_wait_s = 1
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """A process that has ended: its exit code and what it said."""

    code: int
    out: str
    err: str

    @property
    def last(self) -> dict[str, Any]:
        """The object on the last line of stdout, which is what scripts read."""
        assert self.out, self.err
        found: dict[str, Any] = json.loads(self.out.splitlines()[-1])
        return found


def surroundings(added: Mapping[str, str] = {}) -> dict[str, str]:
    """Return the environment of a user's shell: nothing of ours is set but what is given."""
    return {k: v for k, v in os.environ.items() if not k.startswith(SURROUNDINGS)} | dict(added)


def hubroster(*words: str, cwd: Path, env: Mapping[str, str] = {}) -> Ran:
    """Run the installed command to its end."""
    done = subprocess.run(
        [HUBROSTER, *words],
        cwd=cwd,
        env=surroundings(env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


@dataclass(frozen=True, slots=True)
class World:
    """A running sandbox: its process, what its line told, and `/_admin`."""

    process: subprocess.Popen[str]
    talk: IO[str]
    facts: dict[str, Any] = field(default_factory=dict)

    def admin(self, path: str, body: object = None) -> Any:
        """Call `/_admin/{path}`: POST with a body ({} will do), GET without."""
        data = None if body is None else json.dumps(body).encode()
        with urlopen(Request(f"{self.facts['admin_url']}/{path}", data), timeout=60) as answer:  # noqa: S310
            return json.load(answer)

    def state(self) -> dict[str, Any]:
        """Return the whole world, the answer key included."""
        found: dict[str, Any] = self.admin("state")
        return found

    def err(self) -> str:
        """Return what it has said on stderr so far."""
        self.talk.seek(0)
        return self.talk.read()


@contextmanager
def sandbox(*flags: str) -> Iterator[World]:
    """Run `hubroster sandbox --json` with these flags; SIGTERM at the end, if it still runs."""
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as talk,  # a pipe that nobody reads would fill up
        subprocess.Popen(
            [HUBROSTER, "sandbox", "--json", *flags],
            env=surroundings(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=talk,
            text=True,
        ) as process,
    ):
        try:
            line = process.stdout.readline() if process.stdout else ""
            world = World(process, talk)
            assert line, world.err()
            world.facts.update(json.loads(line))
            yield world
        finally:
            process.terminate()
            process.wait(timeout=30)


@dataclass(frozen=True, slots=True)
class Office:
    """A folder with a hubroster.toml that points to a world, and the environment with its secrets."""

    folder: Path
    env: dict[str, str]

    def run(self, *words: str, **env: str) -> Ran:
        """Run the command here."""
        return hubroster(*words, cwd=self.folder, env=self.env | env)

    def check(self, **env: str) -> Ran:
        """Check the hub."""
        ran = self.run("check", "agency", "--json", **env)
        _keep_prefects_database(self.folder)
        return ran

    def report(self, result: dict[str, Any]) -> dict[str, Any]:
        """Return the report that a check wrote."""
        path = self.folder / ".hubroster" / "reports" / f"{result['report_id']}.json"
        found: dict[str, Any] = json.loads(path.read_bytes())
        return found


# Half of a first check is Prefect making its database; after one such check the others begin with it.
_PREFECTS = Path(tempfile.mkdtemp(prefix="hubroster-prefects-"))
atexit.register(shutil.rmtree, _PREFECTS, ignore_errors=True)


def _keep_prefects_database(folder: Path) -> None:
    made = folder / ".hubroster" / "prefect" / "prefect.db"
    if made.exists() and not (_PREFECTS / made.name).exists():
        with closing(sqlite3.connect(made)) as con, closing(sqlite3.connect(_PREFECTS / "new")) as kept:
            con.backup(kept)
        (_PREFECTS / "new").rename(_PREFECTS / made.name)


def _bring_prefects_database(folder: Path) -> None:
    if (_PREFECTS / "prefect.db").exists():
        home = folder / ".hubroster" / "prefect"
        home.parent.mkdir(mode=0o700)
        home.mkdir(mode=0o700)
        shutil.copyfile(_PREFECTS / "prefect.db", home / "prefect.db")
        (home / "prefect.db").chmod(0o600)


def office(folder: Path, world: World, *, fresh: bool = False) -> Office:
    """Make a workspace in a folder, as somebody does who has read the README; `fresh`: nothing else in it."""
    if not fresh:
        _bring_prefects_database(folder)
    (folder / "hubroster.toml").write_text(CONFIG.format(**world.facts), encoding="utf-8")
    facts = world.facts
    return Office(folder, {"AGENCY_TOKEN": facts["access_token"], "AGENCY_SECRET": facts["app_secret"]})
