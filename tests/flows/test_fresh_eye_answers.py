"""An answer that was taken back has no effect that stays: nobody is kept, excepted or matched by it."""

from typing import Any

from matching.review.standing import open_review
from tests.flows.owned_hub import OwnedHub


def _two_leavers(hub: OwnedHub) -> list[str]:
    """Let two colleagues leave; return the change ids of their removals."""
    seats = [r for r in hub.seats(kind="user", tab="onboarded") if r["role"] == "EMPLOYEE"][:2]
    for row in seats:
        hub.ws.admin(f"directory/{row['person_id']}", {"status": "deprovisioned"})
    hub.check()
    members = {row["member_id"] for row in seats}
    return [one.id for one in _asked(hub) if one.member_id in members and "remove" in one.options]


def _asked(hub: OwnedHub) -> list[Any]:
    review = open_review(hub.rows(), "agency")
    return list(review.asked.values()) if review else []


def test_a_leaver_whose_keep_was_withdrawn_is_asked_about_again(owned: OwnedHub) -> None:
    change, _ = _two_leavers(owned)

    owned.answer(0, change, "keep")
    owned.answer(0, change, "withdraw")
    owned.check()

    assert change in owned.asked()


def test_who_says_remove_after_keep_is_taken_at_his_last_word(owned: OwnedHub) -> None:
    change, _ = _two_leavers(owned)

    owned.answer(0, change, "keep")
    owned.answer(0, change, "remove")

    assert owned.apply()[change].outcome == "done"


def test_a_yes_that_outlives_a_withdrawn_keep_is_not_lost(owned: OwnedHub) -> None:
    """One said remove, another keep and then took it back: it was stopped, and is asked."""
    change, _ = _two_leavers(owned)

    owned.answer(0, change, "remove")
    owned.answer(1, change, "keep")
    owned.answer(1, change, "withdraw")
    owned.apply()
    owned.check()

    assert change in owned.asked()


def test_an_exception_that_was_withdrawn_excepts_nobody(owned: OwnedHub) -> None:
    question = next(one for one in _asked(owned) if "exempt" in one.options and one.member_kind == "user")

    owned.answer(0, question.id, "exempt")
    owned.answer(0, question.id, "withdraw")
    owned.check()

    (seat,) = owned.seats(kind="user", member_id=question.member_id)
    assert seat["tab"] == "unmatched"
    assert question.id in owned.asked()


def test_a_match_that_was_withdrawn_links_nobody(owned: OwnedHub) -> None:
    question = next(one for one in _asked(owned) if "match:1" in one.options)

    owned.answer(0, question.id, "match:1")
    owned.answer(0, question.id, "withdraw")
    owned.check()

    (seat,) = owned.seats(kind=question.member_kind, member_id=question.member_id)
    assert seat["rule"] != "decision"
    assert question.id in owned.asked()


def test_an_answer_that_takes_the_place_of_a_match_leaves_no_link(owned: OwnedHub) -> None:
    question = next(one for one in _asked(owned) if "match:1" in one.options)

    owned.answer(0, question.id, "match:1")
    owned.answer(1, question.id, "keep")
    owned.check()

    (seat,) = owned.seats(kind=question.member_kind, member_id=question.member_id)
    assert seat["rule"] != "decision"
