"""Who has no newer mail answers with the code of the one that he has, whatever took the review's place."""

from collections.abc import Iterator

import pytest

from flows.answers.page import Answering, Entered, Receipt, Refused, Standing
from flows.review.answering import SeenFrom
from tests.flows.page_answers import answer, change_of
from tests.reliability.approval_scene import Approving, Dawn, dawn_of
from tests.reliability.approval_world import OUTSIDER, seat_id

EVA = seat_id("Eva Rust")


@pytest.fixture(scope="module")
def dawn() -> Iterator[Dawn]:
    with dawn_of("Eva Rust") as made:
        yield made


@pytest.fixture
def hub(dawn: Dawn, request: pytest.FixtureRequest) -> Approving:
    return dawn.begin(request.node.name[:60])


def enter(hub: Approving, name: str) -> tuple[Answering, str, Entered | Refused]:
    review = hub.review()
    assert review is not None
    code = next(code for words, code in hub.codes(name) if "code" in words.lower())
    return Answering(hub.settings), review.id, Answering(hub.settings).enter(review.id, code, SeenFrom())


def test_what_was_approved_can_be_stopped_when_a_check_has_nothing_new_to_ask(hub: Approving) -> None:
    """No mail goes out then: the link of the receipt leads to the earlier review."""
    page, _, entered = enter(hub, "Olga Pind")
    assert isinstance(entered, Entered)
    answer(hub, "Bo Marsh", EVA, "remove")
    change = change_of(hub, EVA)
    hub.ws.admin(f"members/{seat_id(OUTSIDER)}/remove")
    hub.check()

    standing = page.standing(entered.token)
    assert isinstance(standing, Standing), standing
    assert [one.change_id for one in standing.questions] == [change]
    assert isinstance(page.answer(entered.token, {change: "keep"}, "", SeenFrom()), Receipt)
    hub.pass_time(minutes=16)
    assert [one.outcome for one in hub.apply().values()] == ["withdrawn"]
    assert hub.deletes() == []


def test_a_code_of_an_earlier_mail_does_not_open_what_is_new(hub: Approving) -> None:
    page, _, entered = enter(hub, "Olga Pind")
    assert isinstance(entered, Entered)
    hub.leave("Finn Aske")
    hub.check()

    assert isinstance(page.standing(entered.token), Refused)
