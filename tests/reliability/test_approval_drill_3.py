"""Schedules of the approval drill (approval_drill.py), morning 2; `make drill` plays 10,000."""

from collections.abc import Iterator

import pytest

from tests.reliability.approval_drill import ApprovalDrill, approval_drill
from tests.reliability.approval_steps import schedule, seeds_of
from tests.reliability.some_of_many import some_of

MORNING = 2
SEEDS = (5, 7, 105, *some_of(seeds_of(MORNING, 47), 2))


@pytest.fixture(scope="module")
def drill() -> Iterator[ApprovalDrill]:
    with approval_drill() as made:
        yield made


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_done_without_a_yes_and_no_yes_is_forgotten(drill: ApprovalDrill, seed: int) -> None:
    """After every step, whatever it was, the true world, Meta's own log and the ledger agree."""
    one = schedule(seed)
    assert one.morning == MORNING
    drill.play(one)
