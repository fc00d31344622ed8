"""Two approvers are two persons, also where two sources have one person under two ids."""

import pytest

from matching.review.owners import Known, distinct, why_not
from tests.matching.review_rows import question


def test_one_mailbox_is_one_owner() -> None:
    known = {
        "person:1": Known("ana", "employee", "active", "Ana", "ana@northwind.example"),
        "person:2": Known("00u1", "employee", "active", "Ana", "Ana@Northwind.example "),
        "person:3": Known("bo", "employee", "active", "Bo", "bo@northwind.example"),
        "person:4": Known("x1", "employee", "active"),
        "person:5": Known("x2", "employee", "active"),
    }

    assert distinct(known, known) == ("person:1", "person:3", "person:4", "person:5")
    assert distinct(["person:9"], known) == ("person:9",)


def test_of_two_ids_with_one_mailbox_the_one_counts_who_can_act() -> None:
    """Who left and came back under another id was named twice, and could not say keep."""
    known = {
        "person:1": Known("ana", "employee", "deprovisioned", "Ana", "ana@northwind.example"),
        "person:2": Known("bo", "employee", "active", "Bo", "bo@northwind.example"),
        "person:3": Known("ana2", "employee", "active", "Ana", "ana@northwind.example"),
    }

    assert distinct(known, known) == ("person:2", "person:3")


@pytest.mark.parametrize("status", ["active", "deprovisioned"])
def test_nobody_answers_about_his_own_seat_under_another_id_with_his_mailbox(status: str) -> None:
    known = {
        "person:1": Known("ana", "employee", "active", "Ana", "ana@northwind.example"),
        "person:2": Known("00u1", "employee", status, "Ana S.", "Ana@Northwind.example"),
        "person:3": Known("bo", "employee", "active", "Bo", "bo@northwind.example"),
        "person:4": Known("x1", "employee", "active"),
        "person:5": Known("x2", "employee", "active"),
    }
    about_ana = question("a", persons=("person:2",))

    assert "his own seat" in why_not("person:1", about_ana, known, known)
    assert why_not("person:3", about_ana, known, known) == ""
    assert why_not("person:4", question("b", persons=("person:5",)), known, known) == "", "no mailbox is none"
