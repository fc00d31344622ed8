"""Where several sources of the directory know a person, he is one, and the first of them has the word."""

from typing import Any

import pandas as pd
import pytest

from matching.people.sources import OnePerPerson, one_per_person, status_said

COLUMNS = (
    "source person_id user_name given_name family_name display_name primary_email aliases department title "
    "manager_id country kind status groups since first_seen"
)
ORDER = {"hr": 0, "entra": 1}


def row(source: str, person_id: str, name: str, email: str | None = None, **more: Any) -> dict[str, Any]:
    local = name.lower().replace(" ", ".")
    return {
        **dict.fromkeys(COLUMNS.split()),
        "source": source,
        "person_id": person_id,
        "display_name": name,
        "primary_email": email or f"{local}@northwind.example",
        "aliases": [],
        "groups": [],
        "kind": "employee",
        "status": "active",
        "first_seen": pd.Timestamp("2026-11-01", tz="UTC"),
        **more,
    }


def one(*rows: dict[str, Any]) -> OnePerPerson:
    return one_per_person(pd.DataFrame(rows), ORDER)


def people(found: OnePerPerson) -> dict[str, dict[Any, Any]]:
    assert not found.people["person_id"].duplicated().any()
    return {str(person["person_id"]): person for person in found.people.to_dict("records")}


def test_the_source_that_is_configured_first_has_the_word() -> None:
    """Whatever their names sort like, and whichever of them was read first."""
    found = one(
        row("entra", "7", "Ana Ruiz", status="deprovisioned"), row("hr", "7", "Ana Ruiz", title="Lead")
    )

    assert (people(found)["7"]["status"], people(found)["7"]["source"]) == ("active", "hr")


def test_the_same_address_and_name_is_the_same_person_and_keeps_the_id_that_was_known_first() -> None:
    """A source is added before the one that there was: links and decisions, by the old id, stay."""
    later = pd.Timestamp("2026-11-20", tz="UTC")
    found = one(
        row("hr", "700", "ANA  Ruiz", "Ana.Ruiz@northwind.example", status="suspended", first_seen=later),
        row("entra", "guid-1", "Ana Ruiz", aliases=["ana@nw.example"], user_name="ana"),
        row("entra", "guid-2", "Ben Okafor", manager_id="700"),
    )
    ana = people(found)["guid-1"]

    assert found.ids == {"700": "guid-1"}
    assert (ana["source"], ana["status"], ana["user_name"], ana["aliases"]) == (
        "hr",
        "suspended",
        "ana",
        ["ana@nw.example"],
    )
    assert people(found)["guid-2"]["manager_id"] == "guid-1"


def test_the_same_address_with_another_name_stays_two_people() -> None:
    """An address that went to somebody new: who had it before is not he."""
    found = one(
        row("hr", "1", "Ana Ruiz", "a@northwind.example"),
        row("entra", "2", "Abel Ruiz", "a@northwind.example", status="deprovisioned"),
    )

    assert (found.ids, sorted(people(found))) == ({}, ["1", "2"])


def test_two_of_one_source_are_not_made_one() -> None:
    twins = [row("entra", n, "Ana Ruiz", "a@northwind.example") for n in ("2", "3")]
    found = one(row("hr", "1", "Ana Ruiz", "a@northwind.example"), *twins)

    assert (found.ids, sorted(people(found))) == ({}, ["1", "2", "3"])


def test_a_source_in_which_somebody_is_missing_leaves_the_word_to_the_next() -> None:
    found = one(row("hr", "1", "Gina Holt", status="missing"), row("entra", "9", "Gina Holt", kind="guest"))

    assert [(one["kind"], one["status"]) for one in people(found).values()] == [("guest", "active")]


def test_a_source_that_is_not_configured_any_more_says_nothing_but_who_left() -> None:
    found = one(
        row("old", "1", "Ana Ruiz"),
        row("old", "2", "Ben Okafor", status="deprovisioned"),
        row("old", "3", "Cleo Marsh"),
        row("hr", "30", "Cleo Marsh"),
    )

    assert people(found)["1"]["status"] == "missing"
    assert people(found)["2"]["status"] == "deprovisioned"
    assert {one["status"] for one in people(found).values() if one["display_name"] == "Cleo Marsh"} == {
        "active"
    }


def test_two_sources_of_twenty_thousand_are_made_one_in_seconds() -> None:
    names = [f"Ana Ruiz{n}" for n in range(20_000)]
    both = [row(source, f"{source}{n}", name) for source in ORDER for n, name in enumerate(names)]
    found = one(*both)

    assert (len(found.people), len(found.ids)) == (20_000, 20_000)


@pytest.mark.parametrize("source", ["hr", "a source that is not configured any more"])
@pytest.mark.parametrize("status", ["active", "suspended", "deprovisioned", "missing"])
def test_of_whom_one_source_knows_its_word_alone_says_the_status(source: str, status: str) -> None:
    found = one(row(source, "7", "Ana Ruiz", status=status))

    assert people(found)["7"]["status"] == status_said(status, source, ORDER)
