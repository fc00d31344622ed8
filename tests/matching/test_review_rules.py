"""Who may answer, how much may be changed in a day, and what decisions a check goes by."""

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest

from matching.review.asked import needed
from matching.review.budget import is_overridden, over_budget, spent
from matching.review.decisions import decided
from matching.review.letters_due import letters_due
from matching.review.owners import Known, owners_of, why_not
from matching.roster.decided import Exemption, exempted, without_kept
from tests.matching.review_rows import DAY_ONE, Book, question


@pytest.mark.parametrize(
    ("person", "known", "may"),
    [
        ("ana", Known("1", "employee", "active"), True),
        ("ana", Known("1", "employee", "suspended"), False),
        ("ana", Known("1", "employee", "deprovisioned"), False),
        ("ana", Known("1", "guest", "active"), False),
        ("ana", None, False),
        ("leaver", Known("2", "employee", "active"), False),
        ("ben", Known("3", "employee", "active"), False),
    ],
)
def test_an_owner_is_an_active_employee_and_never_the_subject(
    person: str, known: Known | None, *, may: bool
) -> None:
    """Only an Owner who works here may answer, and not about what could be his own seat."""
    directory = {person: known} if known else {}
    assert bool(why_not(person, question("a"), ("ana", "leaver"), directory)) is not may


def test_owners_count_from_their_time_and_can_be_dropped() -> None:
    """A second Owner counts 24 hours after he was named; a dropped one not at all."""
    book = Book()
    book.write("owner_named", {"person": "ana", "counts_from": book.now.isoformat()})
    late = book.now + timedelta(hours=24)
    book.write("owner_named", {"person": "ben", "counts_from": late.isoformat()})

    assert owners_of(book.lines, "acme", book.now) == ("ana",)
    assert owners_of(book.lines, "acme", late) == ("ana", "ben")
    book.write("owner_dropped", {"person": "ana"})
    assert owners_of(book.lines, "acme", late) == ("ben",)
    assert owners_of(book.lines, "other", late) == ()


@pytest.mark.parametrize(
    ("members", "most"), [(5, 2), (12, 2), (40, 4), (12_000, 1_200)], ids=["5", "12", "40", "12000"]
)
def test_removals_of_a_day_are_bounded_in_hubs_of_every_size(members: int, most: int) -> None:
    """At most 10 % of the members, but always two; the smaller of today's and last week's count."""

    def blocked(planned: int, last_week: int | None = None) -> bool:
        counts = {"members": members, "members_last_week": last_week, "admins": 3}
        return bool(over_budget(planned, 0, (0, 0), **counts))  # type: ignore[arg-type]

    assert not blocked(most)
    assert blocked(most + 1)
    assert blocked(most, last_week=members // 2) is (most > 2)


def test_people_with_full_control_go_one_at_a_time() -> None:
    """Of ten with Full control one a day, and what was begun in the last 24 hours counts."""
    book = Book()
    book.write("intended", {"approval": 1, "call": "remove", "role": "ADMIN"})
    counts = {"members": 400, "members_last_week": None, "admins": 10}

    assert spent(book.lines, "acme", book.now) == (1, 1)
    assert over_budget(1, 1, spent(book.lines, "acme", book.now), **counts)  # type: ignore[arg-type]
    later = book.now + timedelta(hours=24)
    assert spent(book.lines, "acme", later) == (0, 0)
    assert not over_budget(1, 1, (0, 0), **counts)  # type: ignore[arg-type]


def test_the_budget_is_lifted_for_one_report_on_one_date() -> None:
    book = Book()
    book.write("budget_overridden", {"digest": "d1", "on": "2026-12-08"})
    day = date(2026, 12, 8)
    assert is_overridden(book.lines, "acme", ["d1"], day)
    assert not is_overridden(book.lines, "acme", ["d1"], day + timedelta(days=1))
    assert not is_overridden(book.lines, "acme", ["d1", "d2"], day)
    assert not is_overridden(book.lines, "acme", ["d2"], day)
    assert not is_overridden(book.lines, "other", ["d1"], day)


def test_a_decision_ends_with_the_next_one_about_the_stay() -> None:
    """A link, its end, and a new one: the last word counts, and an erased person's is void."""
    book = Book()
    book.write("matched", {"stay": "user:1", "person": "p1"})
    book.write("unlinked", {"stay": "user:1", "person": "p1", "evidence": "f"})
    book.write("matched", {"stay": "user:1", "person": "p2"})
    book.write("matched", {"stay": "user:2", "person": "erased"})
    found = decided(book.lines, "acme", {"p1": "anna", "p2": "ben"}.get)

    assert found.pairs.to_dict("split")["data"] == [
        ["link", "user:1", "ben", None],
        ["reject", "user:1", "anna", "f"],
    ]


SEATS = pd.DataFrame(
    {
        "kind": ["user", "user"],
        "member_id": ["1", "2"],
        "role": ["EMPLOYEE", "ADMIN"],
        "finance_permission": [None, None],
        "person_status": [None, None],
        "person_left_at": [None, None],
    }
)


def grants(*tasks: str) -> pd.DataFrame:
    return pd.DataFrame(
        [("user", "1", "page", "7", list(tasks))],
        columns=["member_kind", "member_id", "asset_kind", "asset_id", "tasks"],
    )


def exemption(*, after_leaving: bool = False) -> Exemption:
    until = DAY_ONE + timedelta(days=90)
    rights = frozenset({("page", "7", "ANALYZE"), ("page", "7", "ADVERTISE")})
    return Exemption("user", "1", DAY_ONE, until, "EMPLOYEE", rights, after_leaving)


def test_an_exemption_covers_one_seat_with_the_rights_that_it_had() -> None:
    """It ends when the seat may do more, has another role, or on its day; fewer rights don't end it."""
    given = [exemption()]

    assert exempted(SEATS, grants("ANALYZE"), given, DAY_ONE).tolist() == [True, False]
    assert exempted(SEATS, grants("ANALYZE", "MANAGE"), given, DAY_ONE).tolist() == [False, False]
    assert exempted(SEATS, grants("ANALYZE"), given, DAY_ONE + timedelta(days=90)).tolist() == [False, False]
    promoted = SEATS.assign(role="ADMIN")
    assert exempted(promoted, grants("ANALYZE"), given, DAY_ONE).tolist() == [False, False]
    renamed = SEATS.assign(member_id=["9", "2"])
    assert exempted(renamed, grants("ANALYZE"), given, DAY_ONE).tolist() == [False, False]


@pytest.mark.parametrize(
    ("had", "has", "holds"),
    [("", "EDITOR", False), ("ANALYST", "EDITOR", False), ("EDITOR", None, True), (None, "EDITOR", True)],
    ids=["a new one", "another", "less", "not in the ledger of before"],
)
def test_an_exemption_ends_with_a_finance_permission_that_the_seat_had_not(
    had: str | None, has: str | None, *, holds: bool
) -> None:
    seats = SEATS.assign(finance_permission=[has, None])
    given = [replace(exemption(), money=had)]

    assert exempted(seats, grants("ANALYZE"), given, DAY_ONE).tolist() == [holds, False]


def test_an_exemption_given_before_the_departure_ends_with_it() -> None:
    """One that was given to somebody who had left already holds."""
    left = SEATS.assign(person_status=["deprovisioned", None])

    assert exempted(left, grants("ANALYZE"), [exemption()], DAY_ONE).tolist() == [False, False]
    after = [exemption(after_leaving=True)]
    assert exempted(left, grants("ANALYZE"), after, DAY_ONE).tolist() == [True, False]


def test_a_kept_leaver_is_told_and_asked_again_after_thirty_days() -> None:
    """A no holds for the same facts and 30 days; then the question comes back under another id."""
    proposal = {"kind": "remove", "subject": "s", "evidence": "e", "id": "x"}
    kept = {"s": ("e", DAY_ONE)}

    asked, staying = without_kept([proposal], kept, "acme", DAY_ONE + timedelta(days=29))
    assert (asked, [one["subject"] for one in staying]) == ([], ["s"])
    (again,), staying = without_kept([proposal], kept, "acme", DAY_ONE + timedelta(days=30))
    assert (again["kind"], again["was"], again["base"], staying) == ("re_review", "remove", "s", [])
    assert again["id"] != "x"
    (changed,), _ = without_kept([proposal | {"evidence": "f"}], kept, "acme", DAY_ONE)
    assert changed["kind"] == "remove"


def test_every_mail_is_due_once() -> None:
    """A question, its reminders, a receipt per answer, one mail of results, and daily who is held back."""
    from matching.review.standing import open_review, verdicts

    book = Book()
    book.write("checked", {"report": "r", "complete": True, "held_back": 1})
    book.opens("acme-1", question("a"))

    def due() -> list[str]:
        review = open_review(book.lines, "acme")
        found = verdicts(book.lines, review, lambda *_: True) if review else {}
        letters = letters_due(book.lines, "acme", ["ana"], found, book.now)
        for letter in letters:
            about = list(letter.about)
            book.write("mail_sent", {"key": letter.key, "kind": letter.kind, "person": "ana", "about": about})
        return [letter.kind for letter in letters]

    assert due() == ["proposal", "held_back"]
    assert due() == []
    book.hours = 24
    assert due() == ["held_back"]
    book.hours = 24 * 6
    assert due() == ["reminder", "held_back"]
    book.answers("ana", a="remove")
    assert due() == ["receipt"]
    book.write("result", {"review": "acme-1", "change": "a", "approval": 1, "outcome": "done"})
    assert due() == ["result"]
    assert due() == []


def test_an_invitation_with_access_takes_two_where_access_does() -> None:
    """Else whoever wants to give access with one yes invites anew."""
    policy = ["grant:EMPLOYEE"]

    assert needed(policy, "invite", "EMPLOYEE", gives_access=True) == 2
    assert needed(policy, "invite", "EMPLOYEE") == 1
    assert needed(policy, "grant", "EMPLOYEE") == 2
