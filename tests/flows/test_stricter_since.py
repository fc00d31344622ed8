"""A stricter policy counts when it is done, and only what two Owners saw goes over the budget."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from flows.owners.login import log_in, send_code
from flows.owners.member_requests import remove
from flows.owners.over_budget import ask_over_budget
from tests.flows.page_answers import answer
from tests.reliability.approval_scene import Approving, Dawn, dawn_of
from tests.reliability.approval_world import address, seat_id

EVA = seat_id("Eva Rust")


@pytest.fixture(scope="module")
def dawn() -> Iterator[Dawn]:
    with dawn_of("Eva Rust", "Finn Aske") as made:
        yield made


@pytest.fixture
def hub(dawn: Dawn, request: pytest.FixtureRequest) -> Approving:
    return dawn.begin(request.node.name[:60])


def ask_for_two(hub: Approving, what: str) -> None:
    """Edit the settings, while a review is open."""
    text = hub.ws.config.read_text()
    hub.ws.config.write_text(f"{text}[policy]\ntwo_approvers_for = [{what}]\n")


def login(hub: Approving, name: str) -> None:
    ref = send_code(hub.settings, address(name))
    log_in(hub.settings, ref, hub.mails(name)[-1]["text"].split("Your code:")[1].split()[0])


def test_an_open_question_takes_two_from_when_the_policy_says_so(hub: Approving) -> None:
    ask_for_two(hub, '"remove:ADMIN", "remove:EMPLOYEE"')
    hub.check()

    alone = answer(hub, "Bo Marsh", EVA, "remove")
    hub.pass_time(minutes=16)
    assert (alone.approved, hub.apply()) == ((), {})
    assert answer(hub, "Olga Pind", EVA, "remove").approved
    hub.pass_time(minutes=16)
    assert [one.outcome for one in hub.apply().values()] == ["done"]


def test_what_one_approved_before_the_policy_asked_for_two_is_asked_again(hub: Approving) -> None:
    answer(hub, "Bo Marsh", EVA, "remove")
    ask_for_two(hub, '"remove:EMPLOYEE"')
    hub.pass_time(minutes=16)

    (settled,) = hub.apply().values()
    assert (settled.outcome, hub.deletes()) == ("stale", [])
    assert "two Owners" in settled.reason


def test_what_is_asked_for_after_two_let_a_report_go_over_the_budget_stays_within_it(hub: Approving) -> None:
    """They saw two removals, and let these go: the digest is still that report's."""
    login(hub, "Bo Marsh")
    day = (hub.now() + timedelta(minutes=16)).date()
    ask_over_budget(hub.settings, "agency", day, "two have left")
    review = hub.review()
    assert review is not None
    (over,) = [one for one in review.asked.values() if one.kind == "over_budget"]
    answer(hub, "Olga Pind", over.member_id, "do")
    for name in ("Gro Vang", "Hal Berg", "Ida Tveit"):
        remove(hub.settings, "agency", seat_id(name), "not agreed to")
        answer(hub, "Olga Pind", seat_id(name), "do")
    hub.pass_time(minutes=16)

    assert {one.outcome for one in hub.apply().values()} == {"blocked"}
    assert hub.deletes() == []
