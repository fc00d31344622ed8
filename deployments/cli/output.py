"""Where output goes: results on stdout, talk and progress on stderr."""

import json as json_module
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tasks.log_lines import JSON, LOG, JsonLine

# in a pipe or a file there is no screen to fit: 80 columns would fold a table's cells into shreds
stdout = Console(highlight=False, width=None if sys.stdout.isatty() else 200)
_MANY = 7  # columns
stderr = Console(stderr=True, highlight=False)


def agreed(question: str) -> bool:
    """Ask on stderr, and say whether the next line of stdin is a yes."""
    stderr.print(question, end="", markup=False, soft_wrap=True)
    answer = sys.stdin.readline()
    if not answer:  # nobody is there: what comes next begins a line of its own
        stderr.print()
    return answer.strip().lower() in ("y", "yes")


printed_json: list[bool] = []  # not empty once the command has printed an object for machines


def print_json(value: Any) -> None:
    """Print one object on one line; what would steer a terminal stands as JSON's own escapes."""
    printed_json.append(True)
    sys.stdout.write(safe_json(json_module.dumps(value, ensure_ascii=False, default=str)) + "\n")
    sys.stdout.flush()


def safe_json(text: str) -> str:
    """Return JSON that means the same, with \\uXXXX for every character that can't be seen.

    json.dumps escapes the old control characters only: not what turns the direction of a line, has no width,
    or is half a pair, which no terminal and no file can take.
    """
    return text if text.isprintable() else "".join(c if c.isprintable() else _escaped(c) for c in text)


def _escaped(character: str) -> str:
    return json_module.dumps(character)[1:-1] if character > "~" else character


def print_table(title: str | None, columns: list[str], rows: list[list[str]]) -> None:
    """Print a table under its title, which stands alone over no rows; cells are text, never markup.

    One of many columns on a narrow screen would be folded into shreds: there each row becomes a paragraph.
    """
    if title:
        stdout.print(Text(printable(title), "italic"), soft_wrap=True)
    if not rows:
        return
    if len(columns) >= _MANY and _width(columns, rows) > stdout.width:
        _print_paragraphs(columns, rows)
        return
    table = Table(header_style="bold", box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(_cell(cell) for cell in row))
    stdout.print(table)


def _width(columns: list[str], rows: list[list[str]]) -> int:
    """Return how wide a table is that folds nothing."""
    widest = (max(map(cell_len, column)) for column in zip(columns, *rows, strict=True))
    return sum(widest) + 2 * (len(columns) - 1)


def print_told(title: str, rows: list[tuple[str, str]]) -> None:
    """Print under a title what takes a sentence each: a line that names it, the sentence below."""
    stdout.print(Text(printable(title), "italic"), soft_wrap=True)
    for head, sentence in rows:
        stdout.print(Text(printable(head), "bold"))
        _print_indented(printable(sentence))


def _print_paragraphs(columns: list[str], rows: list[list[str]]) -> None:
    for first, *rest in rows:
        stdout.print(Text(printable(first), "bold"))
        told = [f"{name} {printable(cell)}" for name, cell in zip(columns[1:], rest, strict=True) if cell]
        _print_indented(" · ".join(told))


def _print_indented(text: str) -> None:
    """Print a paragraph two columns in; its lines end where their words do, also in a file of 200 columns."""
    for line in Text(text).wrap(stdout, max(stdout.width - 2, 1)):
        line.rstrip()
        stdout.print(Text("  ") + line, soft_wrap=True)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as dicts that JSON can write: what is missing is None, times are ISO 8601 in UTC."""
    return [{str(name): _plain(value) for name, value in row.items()} for row in frame.to_dict("records")]


def _plain(value: Any) -> Any:
    if isinstance(value, pd.Timestamp):
        return None if pd.isna(value) else value.isoformat(timespec="seconds")
    if not hasattr(value, "__len__") and pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value


def day(iso: str | None, zone: ZoneInfo) -> str:
    """Return the day of a time of `records` where people are, for them."""
    if not iso:
        return ""
    at = datetime.fromisoformat(iso)
    return f"{(at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(zone):%Y-%m-%d}"


def printable(text: str) -> str:
    """Return a text that others chose without what would steer the terminal, or turn or hide it."""
    return (
        text
        if text.isprintable()
        else "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    )


def _cell(text: str) -> str:
    return printable(text).replace("[", r"\[")


class _Printable(logging.Formatter):
    """Formats a line of progress: it may quote what Meta said."""

    def format(self, record: logging.LogRecord) -> str:
        return printable(super().format(record))


@contextmanager
def shown_progress() -> Iterator[None]:
    """Print what long work says, a line each, on stderr."""
    logger = logging.getLogger("hubroster.progress")
    handler = logging.StreamHandler(sys.stderr)
    is_json = os.environ.get(LOG) == JSON
    handler.setFormatter(JsonLine() if is_json else _Printable("  %(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
