"""What a change came to: what Meta said to the call, against what the re-reading shows."""

from itertools import product

import pytest

from tasks.meta.change import Called, Proof
from tasks.meta.proof import outcome

ACCEPTED = Called("accepted", "Meta accepted it")
REFUSED = Called("refused", "Meta: the last admin; give Full control to somebody else", code=3914)
GONE_OR_HIDDEN = Called("refused", "Meta: does not exist, or no access", code=100, subcode=33)
LOST = Called("lost", "Meta sent no answer in time")
PROVEN, THERE = Proof("proven"), Proof("not_there_yet", "the seat is still listed")
UNREAD = Proof("unknown", "business_users was not read whole")
ACCEPTED_MEANWHILE = Proof("accepted_meanwhile", "the invitation has become a seat", "42")


@pytest.mark.parametrize(
    ("called", "proof", "was_there", "expected"),
    [
        (ACCEPTED, PROVEN, True, "done"),
        (LOST, PROVEN, True, "done"),
        (REFUSED, PROVEN, True, "already_done"),
        (GONE_OR_HIDDEN, PROVEN, True, "already_done"),
        (ACCEPTED, PROVEN, False, "already_done"),
        (LOST, PROVEN, False, "already_done"),
        (ACCEPTED, THERE, True, "unknown"),
        (LOST, THERE, True, "unknown"),
        (REFUSED, THERE, True, "refused"),
        (GONE_OR_HIDDEN, THERE, True, "refused"),
        (ACCEPTED, UNREAD, True, "unknown"),
        (LOST, UNREAD, True, "unknown"),
        (REFUSED, UNREAD, True, "refused"),
        (GONE_OR_HIDDEN, UNREAD, True, "unknown"),
        (ACCEPTED, ACCEPTED_MEANWHILE, True, "stale"),
        (LOST, ACCEPTED_MEANWHILE, True, "stale"),
        (REFUSED, ACCEPTED_MEANWHILE, True, "stale"),
    ],
)
def test_the_table(called: Called, proof: Proof, was_there: bool, expected: str) -> None:
    assert outcome(called, proof, was_there=was_there)[0] == expected


def test_nothing_is_done_without_a_proof_and_every_outcome_says_something() -> None:
    for called, proof, was_there in product(
        (ACCEPTED, REFUSED, GONE_OR_HIDDEN, LOST),
        (PROVEN, THERE, UNREAD, ACCEPTED_MEANWHILE),
        (True, False),
    ):
        found, words = outcome(called, proof, was_there=was_there)
        assert (found in ("done", "already_done")) == (proof is PROVEN)
        assert words
        assert "\n" not in words


def test_a_stale_cancellation_names_the_new_seat_and_what_to_do() -> None:
    _, words = outcome(ACCEPTED, ACCEPTED_MEANWHILE, was_there=True)

    assert "member 42" in words
    assert "check this hub now" in words
