"""What an Owner decided unasked, in plain sentences: for the receipt that all Owners get."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from matching.roster.one_line import one_line, plain_address, quoted, their_words
from matching.roster.words import role_words

Row = Mapping[str, Any]


def matched_words(seat: Row, person: Row) -> str:
    """Return that a seat is taken for a person's."""
    return one_line(f"{seat_words(seat)} is {person_words(person)}.")


def reassigned_words(seat: Row, before: Row, person: Row) -> str:
    """Return that a seat is another person's than it was taken for."""
    return one_line(
        f"{seat_words(seat)} is {person_words(person)}, and not {person_words(before)}, as was thought."
    )


def exempted_words(seat: Row, until: date) -> str:
    """Return that a seat stays as an exception."""
    left = " The person has left." if seat.get("person_status") == "deprovisioned" else ""
    day = f"{until.day} {until:%B %Y}"
    return one_line(
        f"{seat_words(seat)} stays as an exception until {day}, with what they may do now and no more.{left}"
    )


def unexempted_words(seat: Row) -> str:
    """Return that an exception has ended."""
    return one_line(f"The exception for {seat_words(seat)[0].lower()}{seat_words(seat)[1:]} has ended.")


def seat_words(seat: Row) -> str:
    """Return whose seat is meant: what they call themselves, the Meta id, the role."""
    name = seat.get("name")
    called = f" of {quoted(name)}" if isinstance(name, str) and their_words(name) else ""
    role = seat.get("role")
    role_name = their_words(role_words(role if isinstance(role, str) else None))
    what = "The invitation" if seat["kind"] == "pending" else "The seat"
    return f"{what}{called} ({role_name}, Meta id {seat['member_id']})"


def person_words(person: Row) -> str:
    """Return a person of the directory by name and address; and that they left, where they did."""
    name, address = person.get("name"), person.get("address")
    parts = [one for one in (their_words(name), plain_address(address)) if one]
    gone = ", who has left" if person.get("status") == "deprovisioned" else ""
    return (", ".join(dict.fromkeys(parts)) or f"person {their_words(person['person_id'])}") + gone
