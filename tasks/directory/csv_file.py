"""People from CSV: every row is whole, or the file is refused."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence

from tasks.directory.columns import Layout, Mapped, choose_columns
from tasks.directory.content import text_of
from tasks.directory.people import Values
from tasks.errors import DirectoryError

_DELIMITERS = (",", ";", "\t")
# What Excel wants to be told first; the header says it as well.
_EXCEL = re.compile(r"\A\"?sep=[,;\t]\"?\r?\n", re.IGNORECASE)
# Where nothing is written a default stands in, and it is the kind one: who left would be active again.
_DEFAULTED = ("status", "kind", "deleted")


def csv_values(data: bytes, mapped: Mapped) -> tuple[Values, Layout]:
    """Return the written values of our columns, one per row, in the file's order, and how it is laid out.

    The delimiter is told from the header alone: guessing from rows would let a name with a comma decide.
    Raises DirectoryError with the line, never with what stands there, for a row that has fewer or more fields
    than the header, a quote that is not closed, and a file that breaks off before a status.
    """
    text = _EXCEL.sub("", text_of(data), count=1)
    first = text[:1_000_000].lstrip("\r\n").splitlines()[0]
    delimiter = max(_DELIMITERS, key=lambda mark: len(_split(first, mark)))
    rows = _rows(text, delimiter)
    header = next(rows, None)
    if header is None:
        raise DirectoryError("is empty")
    # a column without a name is what a comma at the end of every line leaves
    names = [name.strip() or f"(column {place})" for place, name in enumerate(header, 1)]
    layout = choose_columns(names, mapped)
    body = list(rows)
    _check_end(text, body, names, {**layout.chosen, **layout.mapped})
    written = list(zip(*body, strict=True)) if body else [()] * len(names)
    return layout.values({theirs: written[names.index(theirs)] for theirs in layout.wanted()}), layout


def _split(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    """Yield the header and every row that is not blank; lines may end in LF, CRLF or CR."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    width, before = 0, 0
    try:
        for row in reader:
            line, before = before + 1, reader.line_num
            if not row:
                continue
            width = width or len(row)
            if len(row) != width:
                raise DirectoryError(
                    f"has {_counted(len(row), 'field')} in line {line}, where the header has {width}"
                )
            if before > line and any(_swallowed(field, delimiter, width) for field in row):
                raise DirectoryError(
                    f"has whole rows within one field, from line {line} on; a quote is missing"
                )
            yield row
    except csv.Error as error:
        raise DirectoryError(f"is not a readable csv from line {before + 1} on: {_told(error)}") from None


def _swallowed(field: str, delimiter: str, width: int) -> bool:
    """Say whether a field of several lines has as many delimiters as the rows would that it swallowed."""
    return width > 1 and field.count(delimiter) >= width - 1 and len(field.splitlines()) > 1


def _told(error: csv.Error) -> str:
    """Return what is wrong, in words that the csv module says of no value."""
    said = str(error)
    if "unexpected end" in said:
        return "a quote is not closed"
    if "field limit" in said:
        return f"a field is longer than {csv.field_size_limit():,} characters; is a quote not closed?"
    return "a quote stands in the middle of a field"


def _check_end(text: str, body: Sequence[Sequence[str]], names: list[str], chosen: Mapping[str, str]) -> None:
    """Raise DirectoryError when the file may have been cut just before the last row's status or kind."""
    if not body or text.endswith(("\n", "\r")) or body[-1][-1].strip():
        return
    for ours in _DEFAULTED:
        if chosen.get(ours) == names[-1]:
            raise DirectoryError(f"breaks off before the {ours} of its last row")


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
