"""`hubroster check` as a process, one after the other, all with one Prefect server: a quarter of the time."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from tests.e2e.processes import CHECK_KEYS, Ran, World, office, sandbox, surroundings
from tests.reliability.facts import open_facts

FLAGS = ("--port", "0", "--seed", "7", "--members", "26", "--pages", "14", "--ad-accounts", "8")


@contextmanager
def prefect_server(folder: Path) -> Iterator[str]:
    """Run a Prefect server that lasts, with a home of its own; yield what PREFECT_API_URL is to be."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    command = [sys.executable, "-m", "uvicorn", "--factory", "prefect.server.api.server:create_app"]
    home = {"PREFECT_HOME": str(folder), "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"}
    with subprocess.Popen(
        [*command, "--port", port, "--log-level", "critical"],
        env=surroundings(home),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            url = f"http://127.0.0.1:{port}/api"
            _await(f"{url}/health", server)
            yield url
        finally:
            server.terminate()


def _await(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):
        assert server.poll() is None
        try:
            with urlopen(url, timeout=10):  # noqa: S310, our own address
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise AssertionError("Prefect's server didn't start")


@dataclass(frozen=True)
class Desk:
    """A hub that was checked well and that needs nobody: so the exit code of a check tells how it went."""

    world: World
    good: Ran
    folder: Path
    api: str

    def check(self, folder: Path, *faults: dict[str, object]) -> Ran:
        """Check a copy of it in this folder, while these faults are on."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        self.world.admin("faults", list(faults))
        try:
            return office(folder, self.world).check(PREFECT_API_URL=self.api)
        finally:
            self.world.admin("faults", [])

    def assert_right(self, ran: Ran, folder: Path) -> None:
        """Assert that a check came to the end, and to what a good one comes to."""
        result = self._object(ran)
        assert ran.code == 0, ran.err
        assert result["complete"]
        assert result["digest"] == self.good.last["digest"]
        assert folder in Path(result["snapshot"]).parents
        assert "Not read" not in ran.err

    def assert_says(self, words: str, ran: Ran, folder: Path) -> None:
        """Assert that a check says this in one line, concludes nothing, and leaves what stood."""
        result = self._object(ran)
        assert ran.code == 1, ran.err
        assert not result["complete"]
        assert result["changes"] == {}
        assert Path(result["snapshot"]).is_file()
        assert Path(result["snapshot"]).name == Path(self.good.last["snapshot"]).name
        assert open_facts(_warehouse(folder)) == open_facts(_warehouse(self.folder))
        (line,) = [line for line in ran.err.splitlines() if "Not read" in line]
        assert words in line

    def _object(self, ran: Ran) -> dict[str, Any]:
        assert "Traceback" not in ran.err
        assert len(ran.out.splitlines()) == 1, ran.err
        assert set(ran.last) == CHECK_KEYS
        return ran.last


def _warehouse(folder: Path) -> Path:
    return folder / ".hubroster" / "warehouse.duckdb"


@contextmanager
def desk(folder: Path) -> Iterator[Desk]:
    """Start the server and the sandbox, let nobody have left whose removal is held back, and check."""
    home = folder / "desk"
    home.mkdir()
    with prefect_server(folder) as api, sandbox(*FLAGS) as world:
        world.admin("switches", {"max_limit": 9})  # so that a small hub has second pages
        here = office(home, world)
        first = here.check(PREFECT_API_URL=api)
        for one in here.report(first.last)["held_back"]:
            world.admin(f"directory/{one['person']['person_id']}", {"status": "active"})
        good = here.check(PREFECT_API_URL=api)
        assert good.code == 0, good.err
        yield Desk(world, good, home, api)
