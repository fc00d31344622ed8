"""Changes at Meta against the stand-in: each made once, and proven by re-reading or not at all."""

from collections.abc import Iterator

import pytest

from deployments.sandbox.build import WorldPlan
from deployments.sandbox.server import Sandbox
from tasks.meta.change import Change
from tests.tasks.changing import change_and_prove, writes


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(WorldPlan(seed=11, members=60, pages=12, ad_accounts=10, directory=90)) as box:
        yield box


@pytest.fixture
def box(sandbox: Sandbox) -> Iterator[Sandbox]:
    usual = sandbox.switches.values()
    yield sandbox
    sandbox.switches.set(usual)
    sandbox.admin("faults", [])


def a_member(box: Sandbox) -> str:
    """Return a plain business user who is still there."""
    return next(one.id for one in box.world.users.values() if not one.is_system and one.role == "EMPLOYEE")


def test_a_removed_member_is_gone_and_it_is_proven(box: Sandbox) -> None:
    member = a_member(box)

    done = change_and_prove(box, Change("remove", "user", member))

    assert (done.called.state, done.proof.state, done.outcome) == ("accepted", "proven", "done")
    assert member not in box.world.users
    assert len(writes(box, done)) == 1
