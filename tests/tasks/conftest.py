"""What several tests of the tasks need: a Postgres, a ledger on either store, a small Meta."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from deployments.sandbox.build import WorldPlan
from deployments.sandbox.server import Sandbox
from tasks.ledger.book import open_ledger
from tests.tasks.ledger_scene import Clock, Scene
from tests.tasks.postgres_server import ABSENT, binaries, postgres_server


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Start a Postgres for the session. Without its binaries: skipped, but a failure in CI."""
    if binaries() is None:
        if os.environ.get("CI"):
            pytest.fail(ABSENT)
        pytest.skip(ABSENT)
    with postgres_server() as url:
        yield url


@pytest.fixture
def database(postgres: str) -> str:
    """Make an empty database of its own for a test; return its URL."""
    import psycopg  # an extra, which a stranger may not have

    name = f"t_{secrets.token_hex(6)}"
    with psycopg.connect(f"{postgres}/template1", autocommit=True) as con:
        con.execute(f"create database {name} template template0")  # type: ignore[arg-type]  # no literal
    return f"{postgres}/{name}"


@pytest.fixture(params=["sqlite", "postgres"])
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scene]:
    """Open an empty ledger: the test runs on SQLite and on Postgres."""
    url = "sqlite" if request.param == "sqlite" else request.getfixturevalue("database")
    clock = Clock()
    scene = Scene(url, tmp_path / "home", clock, open_ledger(url, tmp_path / "home", clock))
    yield scene
    scene.close()


@pytest.fixture
def box() -> Iterator[Sandbox]:
    """A small stand-in for Meta, for a test that changes it."""
    with Sandbox(WorldPlan(seed=11, members=40, pages=6, ad_accounts=5, directory=60)) as box:
        yield box
