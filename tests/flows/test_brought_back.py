"""A backup that is brought back knows nothing of what was said after it: nobody is removed on it."""

import shutil
from collections.abc import Iterator

import pytest

from flows.backup import back_up, put_back
from flows.review.answering import AnswerRefused
from tests.flows.page_answers import answer, change_of
from tests.reliability.approval_scene import Approving, Dawn, dawn_of
from tests.reliability.approval_world import seat_id

ADA, EVA = seat_id("Ada Lund"), seat_id("Eva Rust")


@pytest.fixture(scope="module")
def dawn() -> Iterator[Dawn]:
    with dawn_of("Eva Rust", "Cleo Dorn") as made:
        yield made


@pytest.fixture
def hub(dawn: Dawn, request: pytest.FixtureRequest) -> Approving:
    return dawn.begin(request.node.name[:60])


def lose_the_home(hub: Approving) -> None:
    """Lose all that was written since the backup, and bring the backup back."""
    shutil.rmtree(hub.settings.home)
    put_back(hub.ws.folder / "kept.tar.gz", hub.settings.home, hub.ws.config)


def test_a_stay_that_the_backup_does_not_have_keeps_the_member(hub: Approving) -> None:
    """Approved, saved, stopped, lost and brought back: the stay is gone, and the yes is still there."""
    answer(hub, "Bo Marsh", EVA, "remove")
    back_up(hub.settings, hub.ws.folder / "kept.tar.gz")
    answer(hub, "Olga Pind", EVA, "keep")
    lose_the_home(hub)
    hub.pass_time(minutes=16)

    assert [(one.member_id, one.outcome) for one in hub.apply().values()] == []
    assert hub.deletes() == []
    assert hub.results() == [(EVA, "stale")]
    assert "brought back" in hub.mails("Olga Pind")[-1]["text"]
    assert hub.ledger_ok()


def test_half_a_yes_that_was_taken_back_after_the_backup_is_no_half_of_one(hub: Approving) -> None:
    """Removing Full control takes two: who took his yes back would have been the other one."""
    cleo = seat_id("Cleo Dorn")
    answer(hub, "Bo Marsh", cleo, "remove")
    back_up(hub.settings, hub.ws.folder / "kept.tar.gz")
    answer(hub, "Bo Marsh", cleo, "withdraw")
    lose_the_home(hub)

    with pytest.raises(AnswerRefused, match="brought back"):
        answer(hub, "Olga Pind", cleo, "remove")
    hub.check()
    assert change_of(hub, cleo)
    assert answer(hub, "Olga Pind", cleo, "remove").approved == ()
