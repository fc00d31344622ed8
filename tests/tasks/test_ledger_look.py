"""A look at the ledger: it writes nothing, and says whether the first entry could be written."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from tasks.errors import LedgerError
from tasks.ledger.book import open_ledger
from tasks.ledger.look import look_at_ledger
from tests.tasks.postgres_server import ABSENT, binaries, postgres_server


def begun(url: str, home: Path) -> None:
    with closing(open_ledger(url, home, lambda: datetime.now(UTC))) as ledger, ledger.writing() as book:
        book.append("decided", hub="acme", actor="hubroster", identified_by="test", payload={})


def test_where_none_was_begun_none_is_made(tmp_path: Path) -> None:
    home = tmp_path / "home"

    assert look_at_ledger("sqlite", home) == (str(home / "ledger.db"), False)
    assert list(tmp_path.iterdir()) == []


def test_one_that_was_begun_is_as_it_was(tmp_path: Path) -> None:
    begun("sqlite", tmp_path)
    before = (tmp_path / "ledger.db").read_bytes()

    assert look_at_ledger("sqlite", tmp_path) == (str(tmp_path / "ledger.db"), True)
    assert (tmp_path / "ledger.db").read_bytes() == before


@pytest.mark.parametrize(
    ("content", "says"), [("", "is empty: bring back"), ("not SQLite at all", "is not a ledger")]
)
def test_what_is_none_is_told(tmp_path: Path, content: str, says: str) -> None:
    (tmp_path / "ledger.db").write_text(content)

    with pytest.raises(LedgerError, match=says):
        look_at_ledger("sqlite", tmp_path)


def test_a_lost_one_is_told(tmp_path: Path) -> None:
    begun("sqlite", tmp_path)
    (tmp_path / "ledger.db").unlink()

    with pytest.raises(LedgerError, match="is gone, and every decision with it"):
        look_at_ledger("sqlite", tmp_path)


def test_a_home_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")

    with pytest.raises(LedgerError, match="is no folder"):
        look_at_ledger("sqlite", tmp_path / "home")


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    if binaries() is None:
        pytest.skip(ABSENT)
    with postgres_server() as url:
        yield url


def test_on_postgres_whoever_may_only_read_is_told(postgres: str, tmp_path: Path) -> None:
    url = f"{postgres}/postgres"
    assert look_at_ledger(url, tmp_path) == ("the ledger postgres at 127.0.0.1", False)
    begun(url, tmp_path)
    assert look_at_ledger(url, tmp_path) == ("the ledger postgres at 127.0.0.1", True)

    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT")
    with engine.connect() as con:
        con.exec_driver_sql("create role reader login")
    engine.dispose()
    with pytest.raises(LedgerError, match="refuses writing to the user of"):
        look_at_ledger(url.replace("roster@", "reader@"), tmp_path)


def test_a_postgres_that_is_away_is_told(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="doesn't answer"):
        look_at_ledger("postgresql://roster@127.0.0.1:9/postgres", tmp_path)
