"""What is remembered of the directory is forgotten with any change of its table, by whomever."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tasks.warehouse import remembered
from tasks.warehouse.connect import warehouse
from tasks.warehouse.remembered import of_directory, remember_directory

ANA = "('file', 'p1', 'ana', 'Ana', 'Silva', 'Ana Silva', 'ana@x.example', ['a@x.example'], 'Sales', 'Lead', \
null, 'PT', 'employee', 'active', ['all'], '2026-01-01', null)"
CHANGES = (
    "insert into people select * replace ('p2' as person_id) from people",
    "insert into people select * from people",
    "update people set status = 'deprovisioned'",
    "update people set aliases = ['a@x.example', 'b@x.example']",
    "update people set aliases = null",
    "update people set manager_id = ''",
    "update people set groups = []",
    "update people set valid_to = '2026-02-01'",
    "update people set valid_from = '2025-01-01'",
    "update people set source = 'other'",
    "update people set given_name = family_name, family_name = given_name",
    "delete from people",
)


@pytest.fixture
def con(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse with one person; whatever is remembered is forgotten at the end."""
    monkeypatch.setattr(remembered, "_memory", [])
    with warehouse(tmp_path / "warehouse.duckdb") as made:
        made.execute(f"insert into people values {ANA}")
        yield made


def answers(con: duckdb.DuckDBPyConnection) -> list[object]:
    return con.execute("select * from people order by all").fetchall()


@pytest.mark.parametrize("change", CHANGES)
def test_any_change_is_seen(con: duckdb.DuckDBPyConnection, change: str) -> None:
    remember_directory()
    before = of_directory(con, "all", lambda: answers(con))
    assert of_directory(con, "all", lambda: answers(con)) is before

    con.execute(change)

    assert of_directory(con, "all", lambda: answers(con)) == answers(con) != before


def test_each_question_has_its_own_answer_and_nothing_is_kept_unless_asked_to(
    con: duckdb.DuckDBPyConnection,
) -> None:
    asked: list[str] = []
    for question in ("a", "b", "a"):
        of_directory(con, question, lambda name=question: asked.append(name))  # type: ignore[misc]
    assert asked == ["a", "b", "a"]

    remember_directory()
    found = [of_directory(con, question, lambda name=question: [name]) for question in ("a", "b", "a")]  # type: ignore[misc]
    assert found == [["a"], ["b"], ["a"]]
    assert found[0] is found[2]
