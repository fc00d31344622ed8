"""What every test session needs."""

import atexit
import gc

import pytest
from hypothesis import settings

from deployments.cli.main import end_quietly

atexit.register(end_quietly)  # DuckDB's binding would end the session with 60 lines about references

# Speed is for the bench: on a busy machine opening a database may take longer than a test is given.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Look no more through what was imported: it stays, and is most of what the collector would look at."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the many like cases to `make matrix`: with them `make test` would take more than its time."""
    if config.getoption("--all-cases"):
        return
    left_out = [item for item in items if item.get_closest_marker("thorough")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("thorough")]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of tests/reliability; they stand here because pytest asks for them before it looks further."""
    parser.addoption(
        "--all-cases",
        action="store_true",
        help="every fault at Meta on every edge both once and for ever, and all that is marked thorough",
    )
    parser.addoption(
        "--outcomes", help="append what each fault at Meta comes to, a JSON line each, to this file"
    )
