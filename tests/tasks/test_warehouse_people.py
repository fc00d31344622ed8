"""What directory reads do to the people in the warehouse."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tasks.warehouse.connect import warehouse
from tasks.warehouse.load import HubFacts
from tests.tasks.check_folder import PERSON, directory, load, rows


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with warehouse(tmp_path / "home" / "warehouse.duckdb") as connection:
        yield connection


def test_a_person_who_is_absent_is_missing_and_comes_back(con, tmp_path) -> None:
    other = {**PERSON, "person_id": "p2", "aliases": ["a@x.example", "b@x.example"], "groups": []}
    load(con, tmp_path, directory=[directory(PERSON, other)])
    assert rows(con, "select aliases, groups, kind, status from people where person_id = 'p2'") == [
        (["a@x.example", "b@x.example"], [], "employee", "active")
    ]
    summary = load(con, tmp_path, day=1, directory=[directory(other, day=1)])
    assert (summary.people, summary.written) == (1, 2)
    load(con, tmp_path, day=2, directory=[directory(PERSON, other, day=2)])
    assert rows(con, "select status from people where person_id = 'p1' order by valid_from") == [
        ("active",),
        ("missing",),
        ("active",),
    ]


def test_a_refused_read_is_recorded_and_changes_nobody(con, tmp_path) -> None:
    load(con, tmp_path, directory=[directory(PERSON)])
    summary = load(con, tmp_path, day=1, directory=[directory(day=1, accepted=False)])
    assert summary.written == 0
    assert rows(con, "select accepted, reason, people from directory_reads order by read_at") == [
        (True, None, 1),
        (False, "empty", 0),
    ]


@pytest.mark.parametrize(("hours", "status"), [(19, "missing"), (21, "deprovisioned")])
def test_absence_means_left_only_after_two_reads_that_lie_far_enough_apart(
    con, tmp_path, hours, status
) -> None:
    other = {**PERSON, "person_id": "p2"}
    load(con, tmp_path, directory=[directory(PERSON, other)])
    for day in (1, 1 + hours / 24):
        load(con, tmp_path, day=day, directory=[directory(other, day=day, absence="left")])
        statuses = rows(con, "select status from people where person_id = 'p1' and valid_to is null")
        assert statuses == [("missing",)] if day == 1 else [(status,)]


def test_a_stated_departure_outlives_the_deletion_of_its_entry(con, tmp_path) -> None:
    other = {**PERSON, "person_id": "p2"}
    load(con, tmp_path, directory=[directory({**PERSON, "status": "deprovisioned"}, other)])
    load(con, tmp_path, day=1, directory=[directory(other, day=1)])
    assert rows(con, "select status from people where person_id = 'p1' and valid_to is null") == [
        ("deprovisioned",)
    ]


def test_a_check_that_read_an_older_file_than_another_does_not_undo_it(con, tmp_path) -> None:
    umbra = HubFacts("umbra", "9", "https://graph.test", "2", "password")
    load(con, tmp_path, directory=[directory({**PERSON, "status": "deprovisioned"}, day=0.1)])
    load(con, tmp_path, hub=umbra, directory=[directory(PERSON, day=0.0)])
    assert rows(con, "select status from people where valid_to is null") == [("deprovisioned",)]


def test_after_a_clock_that_went_ahead_is_set_right_the_directory_is_believed_again(con, tmp_path) -> None:
    load(con, tmp_path, day=1, directory=[directory(PERSON, day=1)])
    load(con, tmp_path, day=-1, directory=[directory({**PERSON, "status": "deprovisioned"}, day=-1)])
    assert rows(con, "select status from people where valid_to is null") == [("deprovisioned",)]
