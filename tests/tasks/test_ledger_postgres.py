"""A Postgres that can't be used is one line that says what to do, and never holds a password."""

from pathlib import Path

import pytest

from tasks.errors import LedgerError
from tasks.ledger.book import open_ledger
from tests.tasks.ledger_scene import Clock

OTHERS = ["", "mysql://host/x", "postgres", "sqlite:///x.db", "http://a:b@c/d", "postgresql://:::"]


@pytest.mark.parametrize("url", OTHERS)
def test_another_url_is_refused_without_being_repeated(tmp_path: Path, url: str) -> None:
    with pytest.raises(LedgerError, match=r"\[ledger\] url is neither") as found:
        open_ledger(url, tmp_path, Clock())
    assert "b@c" not in str(found.value)


def test_a_postgres_that_does_not_answer_is_told_without_the_password(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="doesn't answer") as found:
        open_ledger("postgresql://ana:hunter2@127.0.0.1:1/roster", tmp_path, Clock())
    assert "hunter2" not in str(found.value)
    assert "\n" not in str(found.value)


def test_a_database_that_is_not_there_is_told(postgres: str, tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="create that database"):
        open_ledger(f"{postgres}/nowhere", tmp_path, Clock())


def test_a_database_of_another_program_is_not_touched(database: str, tmp_path: Path) -> None:
    import psycopg  # an extra, which a stranger may not have

    with psycopg.connect(database, autocommit=True) as con:
        con.execute("create table sales (x integer)")
        with pytest.raises(LedgerError, match="tables of another program: name another database"):
            open_ledger(database, tmp_path, Clock())
        assert con.execute("select tablename from pg_tables where schemaname = 'public'").fetchall() == [
            ("sales",)
        ]


def test_a_user_that_is_not_let_in_is_told(postgres: str, tmp_path: Path) -> None:
    url = postgres.replace("roster@", "nobody:hunter2@")
    with pytest.raises(LedgerError, match="refuses the user or the password") as found:
        open_ledger(f"{url}/template1", tmp_path, Clock())
    assert "hunter2" not in str(found.value)


@pytest.mark.parametrize("is_last", [False, True])
def test_a_postgres_that_went_away_is_told(database: str, tmp_path: Path, is_last: bool) -> None:
    """While it is written, nothing was; while it is committed, nobody can know."""
    ledger = open_ledger(database, tmp_path, Clock())

    def write() -> None:
        with ledger.writing() as book:
            book.append("a", hub="acme", actor="person:x", identified_by="cli", payload={})
            cut_off(database)
            if not is_last:
                book.head()
                book.entries()

    with pytest.raises(LedgerError, match="connection was lost" if is_last else "doesn't answer"):
        write()
    with ledger.writing() as book:  # the next one connects anew
        assert book.head().seq == 0
    ledger.close()


def cut_off(database: str) -> None:
    """End every other connection to the database, as an operator who restarts it does."""
    import psycopg  # an extra, which a stranger may not have

    with psycopg.connect(database, autocommit=True) as con:
        con.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
