"""A small stand-in for each test that changes it."""

from collections.abc import Iterator

import pytest

from deployments.sandbox.build import WorldPlan
from deployments.sandbox.server import Sandbox


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(WorldPlan(seed=11, members=40, pages=6, ad_accounts=5, directory=60)) as box:
        yield box
