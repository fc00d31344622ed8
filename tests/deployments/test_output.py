"""Tables that people read: none is folded into shreds on a narrow screen."""

from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from deployments.cli import output

COLUMNS = ["hub", "business", "state", "leavers", "members", "checked", "access"]
ROW = ["acme", "Northwind Agency", "leavers", "3", "46: onboarded 20 · unmatched 15", "2026-11-30", ""]


def lines_of(width: int, columns: list[str], row: list[str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the lines of a table with one row, on a screen of that width."""
    screen = StringIO()
    monkeypatch.setattr(output, "stdout", Console(file=screen, width=width, highlight=False))
    output.print_table("1 hub", columns, [row])
    return [line.rstrip() for line in screen.getvalue().splitlines()]


def test_a_table_of_many_columns_becomes_paragraphs_where_the_screen_is_narrow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert lines_of(80, COLUMNS, ROW, monkeypatch) == [
        "1 hub",
        "acme",
        "  business Northwind Agency · state leavers · leavers 3 · members 46: onboarded",
        "  20 · unmatched 15 · checked 2026-11-30",
    ]


def test_where_there_is_room_it_stays_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    assert lines_of(120, COLUMNS, ROW, monkeypatch)[1].split() == COLUMNS


def test_sentences_and_paragraphs_end_where_their_words_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a file each would be 200 columns of blanks."""
    screen = StringIO()
    monkeypatch.setattr(output, "stdout", Console(file=screen, width=80, highlight=False))

    output.print_told("1 entry", [("1  2026-11-30", "to Ana Ruiz")])
    output.print_table("1 hub", COLUMNS, [ROW])

    lines = screen.getvalue().splitlines()
    assert "  to Ana Ruiz" in lines
    assert "  20 · unmatched 15 · checked 2026-11-30" in lines


def test_over_no_rows_stands_the_title_alone_and_no_title_is_folded(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = StringIO()
    monkeypatch.setattr(output, "stdout", Console(file=screen, width=20, highlight=False))

    output.print_table("0 files in /srv/hubroster/snapshots", ["file", "size"], [])

    assert screen.getvalue() == "0 files in /srv/hubroster/snapshots\n"


def test_a_day_is_the_one_where_people_are() -> None:
    berlin = ZoneInfo("Europe/Berlin")

    assert output.day("2026-11-30T23:30:00+00:00", berlin) == "2026-12-01"
    assert output.day("2026-11-30T23:30:00", berlin) == "2026-12-01"
    assert output.day(None, berlin) == ""


def test_a_table_of_few_columns_folds_its_long_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    assert lines_of(40, ["change", "what"], ["1e56", "a word " * 20], monkeypatch)[1] == "change  what"


def test_a_paragraph_steers_no_terminal_and_knows_no_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = lines_of(60, COLUMNS, ["[red]a\x1b[2J", *ROW[1:]], monkeypatch)
    assert lines[1] == "[red]a\N{REPLACEMENT CHARACTER}[2J"
