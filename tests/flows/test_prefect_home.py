"""The database of temporary Prefect servers doesn't grow for ever; another one is left alone."""

import os
from pathlib import Path

import pytest

from flows.server.home import MOST, begin_anew_if_large
from flows.server.lasting import only_up
from flows.settings import Settings, load_settings

CONFIG = """\
[workspace]
name = "Northwind"
[[directory]]
path = "people.csv"
[[hubs]]
label = "acme"
business_id = "1"
app_id = "2"
token = "env:T"
"""


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A workspace whose home holds a large database of Prefect's."""
    (tmp_path / "hubroster.toml").write_text(CONFIG)
    monkeypatch.setenv("HUBROSTER_CONFIG", str(tmp_path / "hubroster.toml"))
    monkeypatch.delenv("HUBROSTER_HOME", raising=False)
    made = load_settings()
    monkeypatch.setenv("PREFECT_HOME", str(made.home / "prefect"))
    for name in [name for name in os.environ if name.endswith("DATABASE_CONNECTION_URL")]:
        monkeypatch.delenv(name)
    (made.home / "prefect").mkdir(mode=0o700, parents=True)
    _grow(made, MOST + 1)
    return made


def _grow(settings: Settings, size: int) -> None:
    for name in ("prefect.db", "prefect.db-wal"):
        with (settings.home / "prefect" / name).open("wb") as file:
            file.truncate(size)


def _left(settings: Settings) -> set[str]:
    return {one.name for one in (settings.home / "prefect").glob("prefect.db*")}


def test_a_large_database_is_begun_anew(settings: Settings) -> None:
    begin_anew_if_large(settings)

    assert _left(settings) == set()


def test_one_that_is_not_large_stays(settings: Settings) -> None:
    _grow(settings, MOST)

    begin_anew_if_large(settings)

    assert _left(settings) == {"prefect.db", "prefect.db-wal"}


def test_the_one_of_a_running_up_stays(settings: Settings) -> None:
    with only_up(settings):
        begin_anew_if_large(settings)

    assert _left(settings) == {"prefect.db", "prefect.db-wal"}


@pytest.mark.parametrize("name", ["PREFECT_HOME", "PREFECT_SERVER_DATABASE_CONNECTION_URL"])
def test_where_prefect_is_told_to_be_elsewhere_nothing_is_touched(
    name: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "elsewhere")

    begin_anew_if_large(settings)

    assert _left(settings) == {"prefect.db", "prefect.db-wal"}
