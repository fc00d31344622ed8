"""One world for all who only look, and one demo: every check as a process costs about ten seconds."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.processes import Ran, World, hubroster, sandbox

WORLD_FLAGS = ("--port", "0", "--seed", "1", "--members", "40")


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """The default world, its own for each module: some act in it by hand."""
    with sandbox(*WORLD_FLAGS) as made:
        yield made


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo that was run in an empty folder."""

    cwd: Path
    ran: Ran

    @property
    def folder(self) -> Path:
        """What it left."""
        return self.cwd / ".hubroster-demo"


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """`hubroster demo --json`, once for the session; look, but don't touch."""
    cwd = tmp_path_factory.mktemp("demo")
    return Demo(cwd, hubroster("demo", "--json", cwd=cwd))
