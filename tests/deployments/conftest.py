"""A sandbox on a real socket, and a plain HTTP client to ask it with."""

from collections.abc import Iterator

import httpx
import pytest
from facebook_business.api import FacebookAdsApi

from deployments.sandbox.server import Sandbox
from deployments.sandbox.switches import Switches
from tests.deployments.official_sdk import sdk
from tests.deployments.small_world import READER, small_world


@pytest.fixture(scope="module")
def running_box() -> Iterator[Sandbox]:
    with Sandbox(small_world()) as running:
        yield running


@pytest.fixture
def box(running_box: Sandbox) -> Sandbox:
    """The module's sandbox with everything at its default; for tests that don't change the world."""
    running_box.switches.set(Switches().values())
    running_box.graph.reader.faults = []
    running_box.log.rows.clear()
    return running_box


@pytest.fixture
def own_box() -> Iterator[Sandbox]:
    """A sandbox that the test may change."""
    with Sandbox(small_world()) as running:
        yield running


@pytest.fixture
def client(own_box: Sandbox) -> Iterator[httpx.Client]:
    """A client without a token; each request says whose it is."""
    with httpx.Client(base_url=f"{own_box.graph_url}/v26.0/", timeout=10) as found:
        yield found


@pytest.fixture
def api(own_box: Sandbox) -> Iterator[FacebookAdsApi]:
    """The official SDK."""
    found = sdk(own_box)
    yield found
    found._session.requests.close()


@pytest.fixture
def graph(box: Sandbox) -> Iterator[httpx.Client]:
    with reader(box) as client:
        yield client


@pytest.fixture
def own_graph(own_box: Sandbox) -> Iterator[httpx.Client]:
    with reader(own_box) as client:
        yield client


def reader(box: Sandbox) -> httpx.Client:
    """A client with the reader's token, at v26.0 unless a path names another version."""
    headers = {"Authorization": f"Bearer {READER}"}
    return httpx.Client(base_url=f"{box.graph_url}/v26.0/", headers=headers, timeout=10)
