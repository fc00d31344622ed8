"""The life of a removal, by plain functions: asked, mailed, answered, carried out, told.

Meta's own log is the witness of what was done there.
"""

import shutil
from collections.abc import Iterator
from datetime import timedelta

import pytest

from flows.answers.sheet import answers_in, review_rows, spoken
from flows.opening.ledger import ledger_of, people_by_id, person_ref
from flows.owners.login import log_in, send_code
from flows.owners.over_budget import ask_over_budget
from flows.review.answering import record_answers
from tasks.warehouse.snapshot import newest
from tests.reliability.approval_scene import KEEP_ALL, STAY, Approving, Dawn, dawn_of
from tests.reliability.approval_world import ADMINS, address, person_id, seat_id

EVA, ADA, ZED, MIA = seat_id("Eva Rust"), seat_id("Ada Lund"), seat_id("Zed Quill"), "900"


@pytest.fixture(scope="module")
def dawn() -> Iterator[Dawn]:
    """Eva, Ada who has Full control, and Mia who was only invited have left; all Owners have mail."""
    with dawn_of("Eva Rust", "Ada Lund", "Mia Skog") as made:
        yield made


@pytest.fixture
def hub(dawn: Dawn, request: pytest.FixtureRequest) -> Approving:
    return dawn.begin(request.node.name[:60])


def outcomes(hub: Approving) -> dict[str, str]:
    """Apply, and return what became of each: Meta id → outcome."""
    return {one.member_id: one.outcome for one in hub.apply().values()}


def test_from_the_question_to_the_mail_that_tells_what_was_done(hub: Approving) -> None:
    """Nothing is deleted before the hold is over; then once, proven, told, and no longer asked."""
    assert set(hub.asked().values()) == {EVA, ADA, MIA, ZED}
    (answered,) = hub.says("Bo Marsh").taken
    assert len(answered.approved) == 2
    assert len(answered.waiting) == 1
    assert len(hub.mails("Olga Pind", "Receipt")) == 1

    assert hub.apply() == {}
    hub.pass_time(minutes=16)
    assert outcomes(hub) == {EVA: "done", MIA: "done"}
    assert sorted(hub.deletes()) == [(EVA, 200), (MIA, 200)]
    assert len(hub.mails("Olga Pind", "Done")) == 1
    assert hub.apply() == {}

    hub.check()
    assert set(hub.asked().values()) == {ADA, ZED}
    assert len(hub.deletes()) == 2
    assert hub.ledger_ok()


def test_a_snapshot_that_cannot_be_written_keeps_nobody_in(hub: Approving) -> None:
    """Files are published after a removal, and are no reason to hold it back."""
    hub.says("Bo Marsh")
    hub.pass_time(minutes=16)
    folder = hub.settings.snapshot_dir
    shutil.rmtree(folder)
    folder.write_text("a file where the folder should be")
    assert outcomes(hub) == {EVA: "done", MIA: "done"}

    folder.unlink()
    hub.check()
    assert newest(folder)


def test_full_control_is_taken_by_two_persons_and_not_by_one(hub: Approving) -> None:
    hub.says("Bo Marsh", about="Ada Lund")
    hub.pass_time(minutes=16)
    assert hub.apply() == {}
    hub.says("Olga Pind", about="Ada Lund")
    assert hub.apply() == {}, "the hold begins with the last needed yes"
    hub.pass_time(minutes=16)
    assert outcomes(hub) == {ADA: "done"}
    assert hub.deletes() == [(ADA, 200)]


def test_one_owner_who_keeps_outweighs_another_who_approved(hub: Approving) -> None:
    hub.says("Bo Marsh", about="Eva Rust")
    hub.says("Olga Pind", STAY, about="Eva Rust")
    hub.pass_time(minutes=16)
    assert outcomes(hub) == {EVA: "withdrawn"}
    assert hub.writes() == []
    hub.check()
    assert EVA not in hub.asked().values()


def test_the_same_owner_may_stop_during_the_hold_what_he_approved(hub: Approving) -> None:
    hub.says("Bo Marsh", about="Eva Rust")
    hub.pass_time(minutes=10)
    hub.says("Bo Marsh", STAY, about="Eva Rust")
    hub.pass_time(minutes=10)
    assert outcomes(hub) == {EVA: "withdrawn"}
    assert hub.writes() == []


def test_a_keep_on_changed_facts_stops_what_was_approved_before_they_changed(hub: Approving) -> None:
    """Approved; then the role changes, the new question is answered with keep, and the role is as before."""
    hub.says("Bo Marsh", about="Eva Rust")
    hub.ws.admin(f"members/{EVA}/role", {"role": "DEVELOPER"})
    hub.check()
    hub.says("Olga Pind", STAY, about="Eva Rust")
    hub.ws.admin(f"members/{EVA}/role", {"role": "EMPLOYEE"})
    hub.pass_time(minutes=16)
    assert outcomes(hub)[EVA] in ("withdrawn", "stale")
    assert hub.writes() == []


@pytest.mark.parametrize("hand", ["role", "name", "grant"])
def test_what_was_changed_by_hand_meanwhile_is_stale(hub: Approving, hand: str) -> None:
    hub.says("Bo Marsh", about="Eva Rust")
    if hand == "role":
        hub.ws.admin(f"members/{EVA}/role", {"role": "DEVELOPER"})
    elif hand == "name":
        hub.ws.admin(f"members/{EVA}", {"name": "Eva R."})
    else:
        hub.ws.admin("grants", {"user": EVA, "asset": "701", "tasks": ["ANALYZE"]})
    hub.pass_time(minutes=16)
    assert outcomes(hub) == {EVA: "stale"}
    assert hub.writes() == []
    hub.check()
    assert EVA in hub.asked().values(), "it is asked again, on the new facts"


def test_a_leaver_who_came_back_is_not_removed(hub: Approving) -> None:
    hub.says("Bo Marsh", about="Eva Rust")
    hub.person("Eva Rust", status="active")
    hub.pass_time(minutes=16)
    assert outcomes(hub) == {EVA: "stale"}
    assert hub.writes() == []


def test_what_a_safeguard_holds_back_by_then_is_blocked(hub: Approving) -> None:
    """Two of three with Full control who would stay are removed by hand: Ada is needed now."""
    hub.says("Bo Marsh", about="Ada Lund")
    hub.says("Olga Pind", about="Ada Lund")
    for name in ADMINS[2:]:
        hub.ws.admin(f"members/{seat_id(name)}/remove")
    hub.pass_time(minutes=16)
    assert outcomes(hub) == {ADA: "blocked"}
    assert hub.writes() == []
    assert hub.check().told["held_back"] == 1
    assert hub.mails("Olga Pind", "Still open")


def test_an_approval_lapses_a_day_after_it_was_complete(hub: Approving) -> None:
    hub.says("Bo Marsh", about="Eva Rust")
    hub.pass_time(hours=24, minutes=1)
    assert outcomes(hub) == {EVA: "lapsed"}
    assert hub.writes() == []
    hub.check()
    assert EVA in hub.asked().values()


def test_what_meta_refuses_is_told_and_can_be_answered_again(hub: Approving) -> None:
    hub.box.admin("faults", [{"edge": "node", "method": "DELETE", "fault": "code", "code": 200}])
    hub.says("Bo Marsh", about="Eva Rust")
    hub.pass_time(minutes=16)
    assert outcomes(hub) == {EVA: "refused"}
    assert hub.mails("Olga Pind", "Not done")
    hub.check()
    hub.says("Olga Pind", about="Eva Rust")
    hub.pass_time(minutes=16)
    assert outcomes(hub) == {EVA: "done"}
    assert [status for _, status in hub.deletes()] == [403, 200] or len(hub.deletes()) == 2


def test_what_somebody_removed_by_hand_needs_no_call(hub: Approving) -> None:
    hub.says("Bo Marsh", about="Eva Rust")
    hub.ws.admin(f"members/{EVA}/remove")
    hub.pass_time(minutes=16)
    assert outcomes(hub)[EVA] in ("already_done", "stale")
    assert hub.writes() == []


def test_a_lost_answer_is_settled_by_reading_and_never_repeated(hub: Approving) -> None:
    hub.box.admin("faults", [{"edge": "node", "method": "DELETE", "fault": "reset"}])
    hub.says("Bo Marsh", about="Eva Rust")
    hub.pass_time(minutes=16)
    assert outcomes(hub) == {EVA: "done"}
    assert len(hub.deletes()) == 1


def test_an_invitation_that_became_a_seat_is_not_taken_for_cancelled(hub: Approving) -> None:
    hub.says("Bo Marsh", about="Mia Skog")
    hub.ws.admin(f"invites/{MIA}/accept")
    hub.pass_time(minutes=16)
    assert outcomes(hub) == {MIA: "stale"}
    assert hub.writes() == []
    hub.check()
    assert "10900" in hub.asked().values()


@pytest.mark.parametrize("edge", ["business_users", "pending_users"])
def test_an_incomplete_reading_writes_nothing_and_it_is_tried_again(hub: Approving, edge: str) -> None:
    hub.says("Bo Marsh", about="Eva Rust")
    hub.says("Bo Marsh", about="Zed Quill")
    hub.pass_time(minutes=16)
    hub.box.admin("faults", [{"edge": edge, "fault": "code", "code": 200, "times": None}])
    assert hub.apply() == {}
    assert hub.writes() == []
    assert hub.rows("intended", "result") == []
    hub.box.admin("faults", [])
    assert outcomes(hub) == {EVA: "done", ZED: "done"}


def test_a_refused_directory_writes_nothing_and_it_is_tried_again(hub: Approving) -> None:
    hub.says("Bo Marsh", about="Eva Rust")
    hub.says("Bo Marsh", about="Zed Quill")
    hub.pass_time(minutes=16)
    rows = hub.box.world.directory
    hub.box.world.directory = rows[:10]
    hub.pass_time(minutes=1)
    assert hub.apply() == {}
    assert hub.writes() == []
    hub.box.world.directory = rows
    hub.pass_time(minutes=1)
    assert outcomes(hub) == {EVA: "done", ZED: "done"}


def test_a_kept_leaver_is_asked_about_again_after_thirty_days(hub: Approving) -> None:
    hub.says("Bo Marsh", KEEP_ALL)
    hub.check()
    assert hub.review() is None
    hub.pass_time(days=31)
    found = hub.check()
    assert {p["kind"] for p in found.report["proposals"]} == {"re_review"}
    hub.says("Olga Pind", about="Eva Rust")
    hub.pass_time(minutes=16)
    assert outcomes(hub) == {EVA: "done"}


def test_a_new_review_keeps_what_was_said_about_unchanged_questions(hub: Approving) -> None:
    hub.says("Bo Marsh", about="Ada Lund")
    hub.leave("Gro Vang")
    hub.check()
    hub.says("Olga Pind", about="Ada Lund")
    hub.pass_time(minutes=16)
    assert outcomes(hub) == {ADA: "done"}


def test_a_code_of_the_mail_before_counts_for_an_unchanged_question(hub: Approving) -> None:
    """Design §9: unchanged proposals keep their codes; the changed one's code is worth nothing."""
    unchanged = hub.code_about("Bo Marsh", "Eva Rust")
    changed = hub.code_about("Bo Marsh", "Zed Quill")
    hub.ws.admin(f"members/{ZED}", {"name": "Zed Q."})
    hub.check()
    assert hub.type(changed).taken == ()
    assert hub.type(unchanged).refused == ()
    hub.notify()
    hub.pass_time(minutes=16)
    assert outcomes(hub) == {EVA: "done"}


def test_nobody_can_answer_a_review_that_is_over(hub: Approving) -> None:
    code = hub.code("Bo Marsh")
    hub.pass_time(days=15)
    assert hub.type(code).taken == ()
    hub.check()
    assert hub.type(code).taken == ()
    assert EVA in hub.asked().values()
    assert hub.type(hub.code("Bo Marsh")).taken


def test_an_owner_who_has_left_when_it_is_done_has_not_approved(hub: Approving) -> None:
    hub.says("Bo Marsh", about="Eva Rust")
    hub.leave("Bo Marsh")
    hub.pass_time(minutes=16)
    assert outcomes(hub) == {EVA: "withdrawn"}
    assert hub.writes() == []


def test_over_the_budget_of_a_day_nothing_of_the_batch_is_done(hub: Approving) -> None:
    """Three seats of fourteen are more than two; the next day two can go."""
    for who in ("Eva Rust", "Zed Quill", "Ada Lund"):
        hub.says("Bo Marsh", about=who)
    hub.says("Olga Pind", about="Ada Lund")
    hub.pass_time(minutes=16)
    assert outcomes(hub) == {EVA: "blocked", ZED: "blocked", ADA: "blocked"}
    assert hub.writes() == []
    hub.check()
    hub.says("Olga Pind", about="Eva Rust")
    hub.says("Olga Pind", about="Zed Quill")
    hub.pass_time(minutes=16)
    assert outcomes(hub) == {EVA: "done", ZED: "done"}
    assert len(hub.deletes()) == 2


def test_two_owners_let_one_report_go_over_the_budget_on_one_day(hub: Approving) -> None:
    """The one who asks can't say yes himself; the safeguards other than the budget stay."""
    day = (hub.now() + timedelta(minutes=16)).date()
    bo = send_code(hub.settings, address("Bo Marsh"))
    log_in(hub.settings, bo, hub.codes("Bo Marsh")[-1][1])
    asked = ask_over_budget(hub.settings, "agency", day, "a department closed")
    with pytest.raises(LookupError):
        hub.code_about("Bo Marsh", "hours", "Do it")
    hub.type(hub.code_about("Olga Pind", "hours", "Do it"))
    assert asked.change in {row.payload["change"] for row in hub.rows("budget_overridden")}
    for who in ("Eva Rust", "Zed Quill", "Ada Lund"):
        hub.says("Bo Marsh", about=who)
    hub.says("Olga Pind", about="Ada Lund")
    hub.pass_time(minutes=16)
    assert outcomes(hub) == {EVA: "done", ZED: "done", ADA: "done"}
    assert hub.ledger_ok()


def test_who_was_removed_is_not_asked_about_again_before_the_next_check(hub: Approving) -> None:
    hub.says("Bo Marsh", about="Eva Rust")
    hub.pass_time(minutes=16)
    hub.apply()
    hub.pass_time(days=6)
    hub.notify()
    (reminder,) = hub.mails("Olga Pind", "Reminder")
    assert "Eva Rust" not in reminder["text"]


def test_a_new_owner_gets_no_mail_about_what_was_before_him(hub: Approving) -> None:
    hub.says("Bo Marsh", about="Eva Rust")
    hub.pass_time(minutes=16)
    hub.apply()
    known = people_by_id(hub.settings, [person_id("Dag Holt")])[person_id("Dag Holt")]
    with ledger_of(hub.settings) as ledger, ledger.writing() as book:
        payload = {"person": person_ref(book, known), "counts_from": book.now.isoformat()}
        book.append("owner_named", hub="agency", actor="test", identified_by="test", payload=payload)
    hub.notify()
    assert not hub.mails("Dag Holt", "Receipt")
    assert not hub.mails("Dag Holt", "Done")


def test_mails_name_only_owners_who_can_answer(hub: Approving) -> None:
    (mail, *_) = [m for m in hub.mails("Olga Pind") if "Others who can answer" in m["text"]][::-1]
    after = " ".join(mail["text"].partition("Others who can answer")[2].partition("Sent by")[0].split())
    assert "Bo Marsh" in after
    assert "Ada Lund" not in after


def test_what_could_not_be_done_is_asked_again_with_new_codes(hub: Approving) -> None:
    """The codes of the mail are used up by then; silence would leave a leaver in."""
    hub.says("Bo Marsh", about="Eva Rust")
    hub.pass_time(days=2)
    assert outcomes(hub) == {EVA: "lapsed"}
    before = len(hub.mails("Bo Marsh"))
    hub.notify()
    assert len(hub.mails("Bo Marsh")) == before  # once
    assert "asked again" in hub.mails("Bo Marsh")[-1]["text"]
    hub.says("Bo Marsh", about="Eva Rust")
    hub.pass_time(minutes=16)
    assert outcomes(hub) == {EVA: "done"}


def test_what_was_approved_can_be_stopped_when_no_review_asks_for_it_any_more(hub: Approving) -> None:
    hub.pass_time(days=13, hours=23, minutes=50)
    hub.says("Bo Marsh", about="Eva Rust")
    hub.pass_time(minutes=14)  # the review is over, the time to stop isn't
    assert hub.review() is None
    (approved,) = hub.rows("approved")
    with ledger_of(hub.settings) as ledger, ledger.writing() as book:
        olga = book.find("person", person_id("Olga Pind"))
        assert olga is not None
        record_answers(
            hub.settings,
            book,
            "agency",
            "of agency",
            person=olga,
            answers={approved.payload["change"]: "keep"},
            identified_by="test",
        )
    hub.pass_time(minutes=5)
    assert outcomes(hub) == {EVA: "withdrawn"}
    assert hub.deletes() == []


def test_a_sheet_that_was_filled_in_is_an_answer(hub: Approving) -> None:
    """Spreadsheets make numbers of ids like 1e5678901234; the sheet's ids they leave alone."""
    rows = {row["member_id"]: row for row in review_rows(hub.settings, "agency")}
    assert set(rows) == {EVA, ADA, MIA, ZED}
    assert rows[EVA]["change"].startswith("#")
    filled = [row | {"answer": "remove" if member == EVA else ""} for member, row in rows.items()]
    answers = answers_in(filled, rows[EVA]["review"])
    assert list(answers.values()) == ["remove"]
    (said,) = spoken(hub.settings, "agency", answers)
    assert "Eva Rust" in said
    bo = person_id("Bo Marsh")
    with ledger_of(hub.settings) as ledger, ledger.writing() as book:
        who = book.find("person", bo)
        assert who is not None
        review = rows[EVA]["review"]
        record_answers(
            hub.settings, book, "agency", review, person=who, answers=answers, identified_by="test"
        )
    hub.notify()
    hub.pass_time(minutes=16)
    assert outcomes(hub) == {EVA: "done"}
    assert EVA not in {row["member_id"] for row in review_rows(hub.settings, "agency")}


def test_the_result_names_the_ways_in_that_are_left(hub: Approving) -> None:
    """A second seat that shows the same address, which nobody linked to the person."""
    made = hub.ws.admin("members", {"name": "E. R.", "role": "EMPLOYEE", "email": address("Eva Rust")})
    hub.check()
    hub.says("Bo Marsh", about="Eva Rust")
    hub.pass_time(minutes=16)
    outcomes(hub)
    (removed,) = [row for row in hub.rows("result") if row.payload["outcome"] == "done"]
    other = ({EVA, made["id"]} - {removed.payload["member_id"]}).pop()
    assert f"seat {other}" in removed.payload["reason"]
    assert other in hub.mails("Olga Pind", "Done")[-1]["text"]
