"""A process that is killed while it does what Owners approved: nothing twice, nothing lost, nothing unasked.

What the stand-in for Meta logged is the witness.
"""

from collections import Counter
from collections.abc import Iterator

import pytest

from flows.answers.by_codes import Outcome
from tests.reliability.approval_killed import killed
from tests.reliability.approval_scene import ALL, Approving, Dawn, dawn_of
from tests.reliability.approval_world import seat_id
from tests.reliability.some_of_many import some_of

EVA, MIA = seat_id("Eva Rust"), "900"
ANSWERING = ("Bo Marsh", "Olga Pind")  # the third Owner, Ada, has left
LEASE_MIN = 6  # a lease lives 5 minutes after its holder
# What a run commits: lease, what is over, intentions, results; before each call it only looks
INTENTION, RESULTS = 3, 4


@pytest.fixture(scope="module")
def dawn() -> Iterator[Dawn]:
    """Eva has left and Mia, who was only invited; Ada with Full control too, which takes two Owners."""
    with dawn_of("Eva Rust", "Ada Lund", "Mia Skog") as made:
        yield made


@pytest.fixture
def hub(dawn: Dawn, request: pytest.FixtureRequest) -> Approving:
    return dawn.begin("".join(c for c in request.node.name if c.isalnum())[:60])


@pytest.fixture
def approved(hub: Approving) -> Approving:
    """The same when Bo has said yes to all, and the time to say stop is over."""
    hub.says("Bo Marsh")
    hub.pass_time(minutes=16)
    return hub


def assert_exactly_once(hub: Approving, done: set[str]) -> None:
    """Assert that these were done, once each, and nothing else; and that the ledger says so."""
    assert Counter(hub.deletes()) == dict.fromkeys(((one, 200) for one in done), 1)
    assert not done & {*hub.box.world.users, *(i.id for i in hub.box.world.invites.values() if is_open(i))}
    approvals = [row.payload["approval"] for row in hub.rows("result")]
    assert len(approvals) == len(set(approvals)), "two results of one approval"
    assert {row.payload["approval"] for row in hub.rows("intended")} <= set(approvals)
    assert hub.ledger_ok()


def is_open(invite: object) -> bool:
    return getattr(invite, "status", "") == "PENDING"


def goes_on(hub: Approving) -> dict[str, str]:
    """Start again: at once, where the lease of the dead stands, and when it is over. Meta id → outcome."""
    before = hub.deletes()
    assert hub.apply() == {}, "the lease of the dead was not respected"
    assert hub.deletes() == before
    hub.pass_time(minutes=LEASE_MIN)
    found = {one.member_id: one.outcome for one in hub.apply().values()}
    assert hub.apply() == {}
    return found


@pytest.mark.parametrize(
    ("at", "nth"), some_of([("ledger.writing", INTENTION), ("report.named", 1)], 2), ids=["intending", "read"]
)
def test_killed_before_the_intention_all_is_done_by_the_next_run(
    approved: Approving, at: str, nth: int
) -> None:
    killed("apply", at=at, nth=nth)
    assert approved.deletes() == []

    assert goes_on(approved) == {EVA: "done", MIA: "done"}
    assert_exactly_once(approved, {EVA, MIA})


def test_killed_between_intention_and_call_it_is_not_done_but_asked_again(approved: Approving) -> None:
    """Nobody knows then whether Meta was asked, so it isn't asked twice; the Owners are."""
    killed("apply", at="apply.intended")
    mails = len(approved.mails("Bo Marsh", "Action needed"))

    assert goes_on(approved) == {EVA: "unknown", MIA: "unknown"}
    assert_exactly_once(approved, set())
    assert len(approved.mails("Bo Marsh", "Action needed")) == mails + 1

    approved.says("Bo Marsh")
    approved.pass_time(minutes=16)
    assert {one.member_id: one.outcome for one in approved.apply().values()} == {EVA: "done", MIA: "done"}
    assert_exactly_once(approved, {EVA, MIA})


def test_killed_while_it_calls_what_was_called_is_found_done_and_the_rest_is_asked_again(
    approved: Approving,
) -> None:
    killed("apply", at="apply.called_one")
    called = {one for one, _ in approved.deletes()}
    assert called

    assert goes_on(approved) == {one: "done" if one in called else "unknown" for one in (EVA, MIA)}
    assert_exactly_once(approved, called)


@pytest.mark.parametrize(
    ("at", "nth"),
    some_of([("apply.proved", 1), ("apply.called", 1), ("ledger.writing", RESULTS)], 3),
    ids=["proved", "called", "writing"],
)
def test_killed_after_the_calls_they_are_found_done_and_not_repeated(
    approved: Approving, at: str, nth: int
) -> None:
    killed("apply", at=at, nth=nth)
    assert sorted(approved.deletes()) == [(EVA, 200), (MIA, 200)]
    assert approved.rows("result") == []

    assert goes_on(approved) == {EVA: "done", MIA: "done"}
    assert_exactly_once(approved, {EVA, MIA})
    assert len(approved.mails("Olga Pind", "Done")) == 1


def test_killed_after_the_results_nothing_is_left_but_to_tell_them(approved: Approving) -> None:
    killed("apply", at="ledger.written", nth=RESULTS)
    assert approved.mails("Olga Pind", "Done") == []

    assert goes_on(approved) == {}
    assert_exactly_once(approved, {EVA, MIA})
    assert len(approved.mails("Olga Pind", "Done")) == 1


@pytest.mark.parametrize("at", some_of(["mail.sent", "apply.called"], 2))
def test_the_hourly_run_is_killed_and_the_next_one_makes_up_for_it(approved: Approving, at: str) -> None:
    killed("reconcile", at=at)

    assert goes_on(approved).keys() <= {EVA, MIA}
    assert_exactly_once(approved, {EVA, MIA})
    for name in ANSWERING:
        assert 1 <= len(approved.mails(name, "Done")) <= 2


def _again(hub: Approving, code: str) -> Outcome:
    return hub.type(code)


def test_an_answer_that_was_killed_before_it_was_written_can_be_given_again(hub: Approving) -> None:
    code = hub.code("Bo Marsh", ALL)
    killed("answer", code, at="ledger.writing")
    assert hub.rows("answered", "approved") == []

    (answered,) = _again(hub, code).taken
    assert len(answered.approved) == 2
    assert hub.ledger_ok()


def test_an_answer_that_was_killed_when_it_was_written_stands_and_nothing_is_done_before_it_is_told(
    hub: Approving,
) -> None:
    """The time to say stop doesn't run out while nobody knows of it."""
    code = hub.code("Bo Marsh", ALL)
    killed("answer", code, at="ledger.written")
    assert _again(hub, code).taken == ()
    assert len(hub.rows("approved")) == 2

    hub.pass_time(minutes=16)
    assert hub.apply() == {}, "the receipts go out after this"
    assert len(hub.mails("Olga Pind", "Receipt")) == 1
    hub.pass_time(minutes=14)
    assert hub.apply() == {}
    hub.pass_time(minutes=2)
    assert {one.member_id for one in hub.apply().values()} == {EVA, MIA}
    assert_exactly_once(hub, {EVA, MIA})


def test_a_mail_that_was_sent_by_a_process_that_died_is_sent_once_more_and_no_other_is_missing(
    hub: Approving,
) -> None:
    hub.type(hub.code("Bo Marsh", ALL))
    killed("notify", at="mail.sent")
    hub.notify()

    assert sorted(len(hub.mails(name, "Receipt")) for name in ANSWERING) == [1, 2]
    assert Counter(row.payload["key"] for row in hub.rows("mail_sent")).most_common(1)[0][1] == 1


def test_the_codes_of_an_owner_work_while_the_mail_with_newer_ones_has_not_been_told_sent(
    hub: Approving,
) -> None:
    old = hub.code_about("Bo Marsh", "Eva Rust")
    hub.pass_time(days=6)
    killed("notify", at="mail.sent")  # a reminder, to the first of those who get mail
    assert len(hub.mails("Bo Marsh", "Reminder")) == 1
    new = hub.code_about("Bo Marsh", "Mia Skog")

    assert hub.type(old).taken
    assert hub.type(new).taken
