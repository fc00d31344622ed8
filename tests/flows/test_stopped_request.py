"""A request whose yes was taken back before it was done."""

import pytest

from flows.owners.member_requests import remove
from flows.review.answering import AnswerRefused
from tests.flows.owned_hub import OwnedHub


def test_a_yes_after_it_was_taken_back_is_refused_and_not_promised(owned: OwnedHub) -> None:
    """It would be told that it will be done, and then not be done."""
    seat = next(r for r in owned.seats(kind="user", tab="onboarded") if r["role"] == "EMPLOYEE")
    owned.login(0)
    (asked,) = remove(owned.settings, "agency", seat["member_id"], "a test")
    owned.answer(1, asked.change, "do")
    owned.answer(1, asked.change, "withdraw")

    with pytest.raises(AnswerRefused, match="ask for it anew"):
        owned.answer(1, asked.change, "do")
    assert owned.apply()[asked.change].outcome == "withdrawn"
    assert owned.user(seat["member_id"]) is not None
