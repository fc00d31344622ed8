"""What the letters to Owners say, and that no number in them is smaller than what it counts."""

from datetime import UTC, date, datetime
from typing import Any

from tasks.mail.letters import HeldBack, Letter, Line, Proposal, Receipt, Result
from tasks.mail.message import letter

BASE: dict[str, Any] = {
    "to": "ana@northwind.example",
    "owner_name": "Ana Ruiz",
    "hub": "acme",
    "workspace": "Northwind",
    "head": "4 8def",
}
ANSWERS = (("remove", "Remove them", "NVHWXYY9BU"), ("keep", "Let them stay", "XSMR8R5FFW"))


def line(number: int, answer: str = "remove") -> Line:
    return Line(f"{number:012}", "remove", f"P{number} has left.", "They can publish.", "", answer, ANSWERS)


def told(mail: Letter) -> tuple[str, str]:
    """Return subject and text of a letter, each on one line."""
    message = letter(mail)
    plain = message.get_body(("plain",))
    assert plain
    return str(message["Subject"]), " ".join(plain.get_content().split())


def proposal(**more: Any) -> Proposal:
    plain: dict[str, Any] = {
        "review": "acme-1",
        "run_name": "Review acme",
        "asked": 2,
        "lines": (line(1), line(2)),
        "recommended_code": "SKM6GTTVBU",
        "keep_code": "ZG28NCY58E",
        "page_url": "http://127.0.0.1:8080/r/acme-1",
        "page_code": "2JH2U7DVJT",
        "expires_on": date(2026, 12, 14),
        "held_back": (),
        "changed": (),
        "others": (),
        "leavers": 2,
        "admins": 0,
        "two_needed": False,
    }
    return Proposal(**BASE, **(plain | more))


def receipt(**more: Any) -> Receipt:
    plain: dict[str, Any] = {"by": "Henrik Dahl", "via": "on the page", "answered": 1, "lines": (line(1),)}
    return Receipt(**BASE, **(plain | more))


def test_a_mail_with_room_for_thirty_questions_says_that_there_are_seventy_six() -> None:
    _, text = told(proposal(asked=76, lines=tuple(map(line, range(30)))))

    assert "76 questions need an answer by 14 December 2026" in text
    assert "Here are the 30 most urgent; the page has 46 more." in text
    assert "Those below are for all 76 questions, not only for the ones above." in text


def test_who_left_and_is_held_back_counts_among_those_who_can_still_act() -> None:
    held = ("Ingrid has left. They can't be removed yet: she is the last.",)
    subject, text = told(proposal(leavers=3, admins=1, held_back=held))

    assert subject.endswith("3 people who left can still act in acme (1 with Full control)")
    assert "3 people who have left can still act there; 1 of them can't be removed yet." in text
    _, text = told(proposal(leavers=1, held_back=held))
    assert "1 person who has left can still act there and can't be removed yet." in text


def test_an_only_owner_is_told_to_name_a_second_where_two_are_needed() -> None:
    _, alone = told(proposal(two_needed=True))
    _, with_others = told(proposal(two_needed=True, others=("Henrik Dahl",)))

    assert "name a second with `hubroster owner-add acme ADDRESS --reason WHY`" in alone
    assert "the second one's yes. Others who can answer: Henrik Dahl." in with_others
    assert "owner-add" not in with_others + told(proposal())[1]


def test_the_mail_says_which_code_is_needed_and_what_letting_somebody_stay_means() -> None:
    _, text = told(proposal())

    assert "You need no other code" in text
    assert "\u201cLet them stay\u201d: you are asked again if things change, or after 30 days." in text
    assert "As an exception" not in text, "nobody is offered that here"


def test_a_receipt_tells_apart_what_will_be_done_and_what_waits_for_a_second_owner() -> None:
    at = datetime(2026, 11, 30, 15, 30, tzinfo=UTC)
    subject, text = told(
        receipt(
            answered=40,
            removals=40,
            waiting=1,
            waiting_removals=1,
            lines=tuple(map(line, range(30))),
            not_before=at,
            page_url="http://127.0.0.1:8080/r/acme-1",
        )
    )

    assert subject == "Receipt: 39 people to be removed from acme, 1 waits for a second Owner"
    assert "What is approved is done at 30 November 2026, 15:30 UTC, not earlier." in text
    assert "1 question waits for a second Owner's yes. If that can be you, answer" in text
    assert "And 10 more; the page shows them all." in text


def test_a_removal_that_only_waits_is_not_announced_as_one() -> None:
    subject, _ = told(receipt(removals=1, waiting=1, waiting_removals=1))
    assert subject == "Receipt: removing 1 person from acme waits for a second Owner"


def test_an_answer_that_removes_nobody_is_called_an_answer() -> None:
    assert told(receipt())[0] == "Receipt: an answer for acme"
    assert told(receipt(answered=3, removals=1))[0] == (
        "Receipt: 1 person to be removed from acme, 2 other answers"
    )


def test_a_receipt_has_the_words_of_who_answered() -> None:
    assert "Their words: \u201cleft in June\u201d" in told(receipt(comment="left in June"))[1]


def test_a_mail_about_what_was_done_never_says_that_somebody_removed_can_still_act() -> None:
    done = ("Priya Raghavan has left.", "Removed.", ("To undo it: hubroster restore acme 6 --reason WHY.",))
    subject, text = told(Result(**BASE, review="acme-1", lines=(done,), removed=1, done=1))

    assert subject == "Done: 1 person removed from acme"
    assert "can still" not in text
    assert "1. Priya Raghavan has left. Removed. To undo it:" in text


def test_what_could_not_be_done_is_not_told_under_the_words_that_it_was() -> None:
    failed = ("Viktor Brandt has left.", "Not done: Meta refused.", ())
    subject, text = told(Result(**BASE, review="acme-1", lines=(failed,), not_done=1))
    assert subject == "Not done: 1 change in acme, please look"
    assert "could not be done" in text
    assert "This was done" not in text

    subject, text = told(
        Result(**BASE, review="acme-1", lines=(failed,) * 30, removed=9, done=9, not_done=35)
    )
    assert subject == "Done: 9 people removed from acme; 35 changes could not be done, please look"
    assert "What could not stands first" in text
    assert "And 14 more." in text


def test_every_leaver_who_is_held_back_is_counted() -> None:
    subject, text = told(HeldBack(**BASE, lines=tuple(f"P{n} has left." for n in range(45))))
    assert "45 people who left" in subject
    assert "And 15 more." in text


def test_no_subject_begins_with_an_empty_line() -> None:
    for hub in ("a" * length for length in range(1, 41)):  # one of 70 to 78 characters did
        mail = Receipt(**(BASE | {"hub": hub}), by="", via="", answered=1, lines=(), removals=1)
        assert b"Subject: Receipt: 1 person to be removed from a" in letter(mail).as_bytes()
