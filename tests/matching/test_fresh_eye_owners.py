"""Two approvers are two persons, also where two sources have one person under two ids."""

from matching.review.owners import Known, distinct


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
