"""Faults at Meta: which cases a module has, and the scene that they share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reliability.meta_cases import PLACES, cases
from tests.reliability.meta_scene import Scene, scene_in


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the cases to `make matrix`: with them `make test` would take more than its twenty minutes."""
    is_matrix = collection_path.name.startswith("test_meta_") and collection_path.parent.name == "reliability"
    return True if is_matrix and not config.getoption("--all-cases") else None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give each module the cases of its places."""
    if {"meta_scene", "case"} <= set(metafunc.fixturenames):
        metafunc.parametrize("case", cases(PLACES[metafunc.module.PLACES]), ids=str)


@pytest.fixture(scope="module")
def meta_scene(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest, pytestconfig: pytest.Config
) -> Iterator[Scene]:
    """A hub that was read well once; a module's `DEED` has been done since."""
    outcomes = pytestconfig.getoption("--outcomes")
    with scene_in(
        tmp_path_factory.mktemp("scene"),
        Path(outcomes).absolute() if outcomes else None,
        getattr(request.module, "DEED", None),
    ) as made:
        yield made
