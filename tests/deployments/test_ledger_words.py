"""An entry of the ledger reads as a sentence; what has no words of its own is shown whole."""

from typing import Any

import pytest

from deployments.cli.ledger_words import seats_in, what

ANA, PRIYA = "person:a", "person:p"
NAMES = {ANA: {"name": "Ana Ruiz"}, PRIYA: {"name": "Priya Raghavan"}, "text:w": {"words": "left in June"}}
APPROVAL = {
    "change": "117edac28d4b",
    "member_id": "635",
    "by": [ANA],
    "asked": {"id": "117edac28d4b", "kind": "remove", "member_id": "635", "persons": [PRIYA]},
}


def row(kind: str, payload: dict[str, Any]) -> dict[str, Any]:
    return {"kind": kind, "payload": payload, "names": NAMES}


@pytest.mark.parametrize(
    ("kind", "payload", "words"),
    [
        ("checked", {"complete": False, "held_back": 2, "report": "4b" * 32},
         "not complete, 2 held back; report 4b4b4b4b4b4b"),
        ("review_opened", {"review": "acme-2", "asked": [{}], "supersedes": "acme-1"},
         "acme-2: 1 question, in place of acme-1"),
        ("mail_sent", {"person": ANA, "kind": "result"}, "to Ana Ruiz: what was done"),
        ("answered", {"review": "acme-1", "answers": {"c1": "remove"}, "comment": "text:w"},
         "acme-1: c1=remove (\u201cleft in June\u201d)"),
        ("approved", APPROVAL, "117edac28d4b: remove Priya Raghavan (635), by the word of Ana Ruiz"),
        ("intended", {"change": "c1", "call": "remove", "member_id": "635",
                      "had": {"role": "ADMIN", "grants": [[]]}},
         "c1: remove Priya Raghavan (635), who has ADMIN and 1 grant"),
        ("result", {"change": "c1", "outcome": "done", "member_id": "9", "reason": "Proved."},
         "c1: done, 9. Proved."),
        ("owner_named", {"person": ANA, "counts_from": "2026-12-01T18:21:00.5+00:00"},
         "Ana Ruiz is an Owner from 2026-12-01 18:21 UTC"),
        ("owner_dropped", {"person": ANA}, "Ana Ruiz is no Owner any more"),
        ("matched", {"member_id": "635", "person": PRIYA, "said": None},
         "Priya Raghavan (635) to Priya Raghavan"),
        ("exempted", {"member_id": "9", "until": "2027-02-28T00:00:00+00:00"},
         "9, until 2027-02-28 00:00 UTC"),
        ("exempted", {"said": "text:w", "reason": None}, "left in June"),
        ("requested", {"asked": {"id": "c2", "kind": "grant", "member_id": "635"}, "reason": "text:w"},
         "c2: grant Priya Raghavan (635) (\u201cleft in June\u201d)"),
        ("request_ended", {"change": "c2", "state": "declined"}, "c2: declined"),
        ("review_closed", {"review": "acme-1", "state": "expired"}, "acme-1: expired"),
        ("entered", {"review": "acme-1", "seen_from": "text:w"}, "opened the page of acme-1"),
        ("answer_refused", {"review": "acme-1", "reason": "used", "times": 2}, "acme-1: used (2 times)"),
        ("answer_refused", {"review": None, "reason": "no such code", "times": 1}, "no such code"),
        ("mail_refused", {"person": ANA, "kind": "result"},
         "the mailbox of Ana Ruiz takes no mail: what was done"),
        ("hub_erased", {"reason": "text:w"},
         "what was read of the hub was to be erased (\u201cleft in June\u201d)"),
        ("taken_back", {"change": "c1", "ends": [7, 8]}, "c1: 2 earlier entries 7, 8 end"),
    ],
)  # fmt: skip
def test_an_entry_reads_as_a_sentence(kind: str, payload: dict[str, Any], words: str) -> None:
    assert what(row(kind, payload), seats_in([row("approved", APPROVAL)])) == words


def test_an_answer_says_whom_it_is_about_and_a_candidate_is_never_told_as_the_one_who_was_removed() -> None:
    nobodys = {"id": "d3ed3ed9316b", "kind": "resolve", "member_id": "123", "persons": [PRIYA],
               "options": ["match:1", "remove", "exempt", "keep"]}  # fmt: skip
    opened = row("review_opened", {"review": "acme-1", "asked": [APPROVAL["asked"], nobodys]})
    approved = row("approved", {"change": "d3ed3ed9316b", "member_id": "123", "by": [ANA], "asked": nobodys})
    answers = {"117edac28d4b": "remove", "d3ed3ed9316b": "remove", "c9": "keep"}
    seats = seats_in([opened, approved])

    told = what(row("answered", {"review": "acme-1", "answers": answers}), seats)
    assert told == (
        "acme-1: 117edac28d4b=remove for Priya Raghavan (635), d3ed3ed9316b=remove for 123, c9=keep"
    )
    assert what(approved, seats) == "d3ed3ed9316b: remove 123, by the word of Ana Ruiz"
    done = row("result", {"change": "d3ed3ed9316b", "outcome": "done", "member_id": "123"})
    assert what(done, seats) == "d3ed3ed9316b: done, 123."
    others = {**opened, "names": {}}  # a member's own rows name nobody else
    assert seats_in([others]) == {"117edac28d4b": "635", "d3ed3ed9316b": "123"}


def test_among_many_answers_of_one_entry_that_about_the_member_who_is_looked_at_comes_first() -> None:
    approved = row("approved", APPROVAL)
    answers = {f"c{n}": "keep" for n in range(5)} | {"117edac28d4b": "remove"}

    told = what(row("answered", {"review": "acme-1", "answers": answers}), seats_in([approved], "635"))
    assert told == ("acme-1: 117edac28d4b=remove for Priya Raghavan (635), c0=keep, c1=keep and 3 more")
    assert seats_in([approved], "9") == {}


def test_what_an_owner_asked_for_names_the_seat_as_meta_does() -> None:
    shown = {"words": '{"member":{"name":"Lucia Ferrer","member_id":"300"}}'}
    asked = {"id": "c5", "kind": "remove_member", "member_id": "300", "persons": [PRIYA]}
    requested = {
        **row("requested", {"asked": asked, "reason": None, "shown": "text:s"}),
        "names": NAMES | {"text:s": shown},
    }

    assert what(requested, seats_in([requested])) == "c5: remove_member Lucia Ferrer (300)"


def test_what_has_no_words_of_its_own_or_is_not_as_we_write_it_is_shown_whole() -> None:
    assert what(row("owner_named", {"person": ANA, "n": 2}), {}) == "person Ana Ruiz; n 2"
    assert what(row("result", {"odd": "x"}), {}) == "odd x"
    assert seats_in([row("approved", {"asked": "x"})]) == {}
