"""Words that follow each other about one change: a stay holds until it is taken back, a promise is kept."""

from collections.abc import Iterator

import pytest

from tests.flows.page_answers import answer
from tests.reliability.approval_scene import Approving, Dawn, dawn_of
from tests.reliability.approval_world import seat_id

EVA = seat_id("Eva Rust")


@pytest.fixture(scope="module")
def dawn() -> Iterator[Dawn]:
    with dawn_of("Eva Rust", "Finn Aske") as made:
        yield made


@pytest.fixture
def hub(dawn: Dawn, request: pytest.FixtureRequest) -> Approving:
    return dawn.begin(request.node.name[:60])


def test_a_stay_holds_against_the_same_yes_after_what_it_stopped_was_settled(hub: Approving) -> None:
    """One said remove, another stay; apply wrote that down. The first one alone can't have it done now."""
    answer(hub, "Bo Marsh", EVA, "remove")
    answer(hub, "Olga Pind", EVA, "keep")
    hub.pass_time(minutes=16)
    assert [one.outcome for one in hub.apply().values()] == ["withdrawn"]

    said = answer(hub, "Bo Marsh", EVA, "remove")
    hub.pass_time(minutes=16)
    hub.apply()

    assert said.approved == ()
    assert hub.deletes() == []


def test_who_says_yes_again_after_his_own_stay_is_done_as_he_is_told(hub: Approving) -> None:
    answer(hub, "Bo Marsh", EVA, "remove")
    answer(hub, "Bo Marsh", EVA, "keep")
    again = answer(hub, "Bo Marsh", EVA, "remove")
    hub.pass_time(minutes=16)
    found = hub.apply()

    assert again.approved
    assert [one.outcome for one in found.values()][-1:] == ["done"]
    assert (EVA, 200) in hub.deletes()
