"""People from JSON: one array of objects, or one object after another."""

import json
import re
from typing import Any, NoReturn

from tasks.directory.columns import Layout, Mapped, choose_columns
from tasks.directory.content import text_of
from tasks.directory.people import Values
from tasks.errors import DirectoryError

_BLANK = re.compile(r"[ \t\r\n]*")


def json_values(data: bytes, mapped: Mapped) -> tuple[Values, Layout]:
    """Return the written values of our columns, one per object, in the file's order, and how it is laid out.

    Numbers stay as they are written. A field that only some objects have is None in the others. Raises
    DirectoryError, never with what stands there, for a file that is cut, an object that has a field twice,
    NaN, and what is no object.
    """
    text = text_of(data)
    try:
        people = _objects(text)
    except json.JSONDecodeError as error:
        raise DirectoryError(f"is not a readable json from line {error.lineno} on") from None
    except RecursionError:
        raise DirectoryError("is not a readable json: it is nested too deeply") from None
    names = list(dict.fromkeys(name for person in people for name in person))
    if not people:
        return {"display_name": []}, Layout({}, None, {}, {})
    layout = choose_columns(names, mapped)
    written = {theirs: [person.get(theirs) for person in people] for theirs in layout.wanted()}
    return layout.values(written), layout


def _objects(text: str) -> list[dict[str, Any]]:
    decoder = json.JSONDecoder(
        object_pairs_hook=_object, parse_int=str, parse_float=str, parse_constant=_no_number
    )
    values, at = [], _end_of_blank(text, 0)
    while at < len(text):
        value, end = decoder.raw_decode(text, at)
        values.append(value)
        at = _end_of_blank(text, end)
    if len(values) == 1 and isinstance(values[0], list):
        values = values[0]
    for place, value in enumerate(values, 1):
        if not isinstance(value, dict):
            raise DirectoryError(f"holds something that is no object, in place {place}")
    return values


def _end_of_blank(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise DirectoryError("has an object with one field twice")
    return made


def _no_number(_: str) -> NoReturn:
    raise DirectoryError("has NaN or Infinity, which are no JSON")
