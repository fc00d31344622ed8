"""A Prefect server for those who run the flow, and a workspace per test with a sandbox on a socket."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
from prefect.testing.utilities import prefect_test_harness

from deployments.sandbox.build import WorldPlan
from deployments.sandbox.server import Sandbox
from tests.flows.hub import Hub, hub_of
from tests.flows.owned_hub import OwnedDawn, OwnedHub


@pytest.fixture(scope="session")
def prefect_api() -> Iterator[None]:
    """Run Prefect's server once; its heartbeat would cost a second a flow."""
    with (
        prefect_test_harness(server_startup_timeout=120),
        temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}),
    ):
        yield


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """The default world: an agency of 40 with its stories."""
    with hub_of(tmp_path, monkeypatch, WorldPlan()) as made:
        yield made


@pytest.fixture(scope="session")
def owned_dawn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnedDawn]:
    with (
        pytest.MonkeyPatch.context() as patch,
        Sandbox(WorldPlan(seed=11, members=40, pages=6, ad_accounts=5, directory=90)) as box,
    ):
        yield OwnedDawn(tmp_path_factory.mktemp("owned"), patch, box)


@pytest.fixture
def owned(owned_dawn: OwnedDawn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OwnedHub:
    """A hub with two Owners, checked once."""
    return owned_dawn.begin(tmp_path, monkeypatch)
