"""Words that follow each other about one change: a stay holds until it is taken back, a promise is kept."""

from collections.abc import Iterator

import pytest

from flows.mails.notify import notify
from flows.opening.ledger import ledger_of
from flows.review.answering import Answered, record_answers
from tests.reliability.approval_scene import LABEL, Approving, Dawn, dawn_of
from tests.reliability.approval_world import person_id, seat_id

EVA = seat_id("Eva Rust")


@pytest.fixture(scope="module")
def dawn() -> Iterator[Dawn]:
    with dawn_of("Eva Rust", "Finn Aske") as made:
        yield made


@pytest.fixture
def hub(dawn: Dawn, request: pytest.FixtureRequest) -> Approving:
    return dawn.begin(request.node.name[:60])


def change_of(hub: Approving, member_id: str) -> str:
    return next(change for change, member in hub.asked().items() if member == member_id)


def answer(hub: Approving, name: str, member_id: str, word: str) -> Answered:
    """Let an Owner answer on the page; receipts go out."""
    with ledger_of(hub.settings) as ledger, ledger.writing() as book:
        person = book.find("person", person_id(name))
        assert person is not None
        review = hub.review()
        assert review is not None
        change = next(c for c, one in review.asked.items() if one.member_id == member_id)
        said = record_answers(
            hub.settings,
            book,
            LABEL,
            review.id,
            person=person,
            answers={change: word},
            identified_by="page code",
        )
    notify(hub.settings, LABEL)
    return said


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
