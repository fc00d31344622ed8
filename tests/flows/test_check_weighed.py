"""A check weighs whom it doesn't know from the last; a new program, or a removal, has everybody weighed."""

from pathlib import Path

import duckdb
import pandas as pd
import pytest

from flows.checking.standing import match_members
from tasks.warehouse import weighed
from tests.flows.plain_check import Check
from tests.flows.plain_rows import RowsWorkspace, member, person, rows_workspace

STAFF = [person(n, f"Colleague Number{n}") for n in range(1, 30)]
STRANGERS = [member(n, f"Stranger Number{n - 30}", email=f"s{n}@elsewhere.example") for n in range(40, 44)]
WORLD = {"business_users": STRANGERS}


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RowsWorkspace:
    made = rows_workspace(tmp_path, monkeypatch, hubs=("acme", "umbra"))
    made.people(*STAFF)
    return made


def kept(hub: RowsWorkspace) -> list[tuple[object, ...]]:
    with duckdb.connect(str(hub.warehouse), read_only=True) as con:
        return con.execute("select * from weighed order by all").fetchall()


def poison(hub: RowsWorkspace) -> None:
    """Make what is kept say something that no weighing says."""
    with duckdb.connect(str(hub.warehouse)) as con:
        con.execute("update weighed set email_cb = -4242")


def bits_of_addresses(check: Check) -> set[float]:
    assert check.standing is not None
    evidence = check.standing.seated.evidence
    return set(evidence["bits"][evidence["field"] == "email"])


def test_a_second_check_takes_from_the_first_what_that_has_weighed(hub: RowsWorkspace) -> None:
    first = hub.check(WORLD)
    before = kept(hub)
    poison(hub)

    assert len(before) >= len(STRANGERS)
    assert bits_of_addresses(first) == {-5.3}
    assert bits_of_addresses(hub.check(WORLD)) == {-42.42}


def test_a_second_check_of_the_same_writes_none_of_it(hub: RowsWorkspace) -> None:
    hub.check(WORLD)
    before = kept(hub)
    hub.check(WORLD)

    assert kept(hub) == before


def test_who_is_renamed_is_weighed(hub: RowsWorkspace) -> None:
    hub.check(WORLD)
    poison(hub)
    renamed = [member(40, "Stranger Number22", email="s40@elsewhere.example"), *STRANGERS[1:]]

    assert bits_of_addresses(hub.check({"business_users": renamed})) == {-5.3, -42.42}


def test_when_somebody_joins_the_company_everybody_is_weighed(hub: RowsWorkspace) -> None:
    hub.check(WORLD)
    poison(hub)
    hub.people(*STAFF, person(30, "Colleague Number30"))

    assert bits_of_addresses(hub.check(WORLD)) == {-5.3}


def test_by_another_program_everybody_is_weighed(hub: RowsWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.check(WORLD)
    poison(hub)
    monkeypatch.setattr(weighed, "UNDER_IT", ("rapidfuzz",))
    weighed.made_by.cache_clear()
    try:
        assert bits_of_addresses(hub.check(WORLD)) == {-5.3}
    finally:
        weighed.made_by.cache_clear()


def test_before_a_removal_everybody_is_weighed(hub: RowsWorkspace) -> None:
    hub.check(WORLD)
    poison(hub)
    check = hub.read(WORLD).load()

    check.standing = match_members(check.job, anew=True)

    assert bits_of_addresses(check) == {-5.3}


def test_each_hub_keeps_its_own(hub: RowsWorkspace) -> None:
    hub.check(WORLD)
    hub.check({"business_users": STRANGERS[:1]}, label="umbra")
    labels = pd.Series([row[0] for row in kept(hub)])

    assert set(labels) == {"acme", "umbra"}
    assert (labels == "acme").sum() > (labels == "umbra").sum()


def test_who_left_the_hub_is_forgotten(hub: RowsWorkspace) -> None:
    hub.check(WORLD)
    before = kept(hub)
    hub.check({"business_users": STRANGERS[:2]})

    assert set(kept(hub)) < set(before)
