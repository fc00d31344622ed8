"""Turns what pydantic finds wrong with a configuration into one line: file, line, key, mend."""

import difflib
import re
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

# What to write where pydantic says what it would have liked
_WRITE = {
    "bool_type": "write true or false, without quotes",
    "int_type": "write a whole number, without quotes",
    "float_type": "write a number, without quotes",
    "string_type": "write text, in quotes",
    "path_type": "write a path, in quotes",
    "time_parsing": "write a time of the day like 05:00, in quotes",
    "tuple_type": 'write a list, like ["one", "two"]',
    "dict_type": "write it as a table: docs/settings.md shows how",
    "model_type": "write it as a table: docs/settings.md shows how",
}

# The same for what has a form of its own, by its key
_PATTERNS = {
    "label": "a label has small letters, digits, - and _, up to 40, and begins with a letter or digit",
    "business_id": "the id of a business is a number, as its address at Meta shows it",
    "app_id": "the id of an app is a number, as the App Dashboard shows it",
    "memory_limit": "write it like 512MB or 2GB",
    "api_version": "write it like v26.0",
    "name": "a name has small letters, digits, - and _, up to 40",
}


def explain(error: ValidationError, path: Path, root: type[BaseModel]) -> str:
    """Return one line on the first thing that is wrong, with the count of the others.

    Values are never repeated: a key may hold a secret that somebody pasted.
    """
    found = error.errors(include_url=False, include_input=False)
    # a list whose only item is wrong is "too short" as well: that is not news
    problems = [p for p in found if p["type"] != "too_short"] or found
    # what is missing is often there under a name that we don't know: that comes first
    first = next((one for one in problems if one["type"] == "extra_forbidden"), problems[0])
    location = first["loc"]
    where = _dotted(location)
    line = _line_of(path, location)
    place = f"{path}, line {line}" if line else str(path)
    if first["type"] == "extra_forbidden":
        text = f"unknown key {where!r}{_suggestion(location, root)}"
    elif first["type"] == "missing":
        text = f"{where!r} is missing"
    else:
        text = f"{where!r}: {mend(first['type'], first['msg'], location)}"
    more = len(problems) - 1
    return f"{place}: {text}" + (f" (and {more} more)" if more else "")


def mend(kind: str, says: str, location: tuple[int | str, ...]) -> str:
    """Return what to write, or what is wrong, of one problem that pydantic found."""
    if kind == "tuple_type" and len(location) == 1:  # of the whole file: [hubs] where [[hubs]] is meant
        return f"write [[{location[0]}]], in double brackets: there may be several"
    if kind == "string_pattern_mismatch" and (known := _PATTERNS.get(str(location[-1]))):
        return known
    said = says.removeprefix("Value error, ")
    return _WRITE.get(kind) or said.replace("Input should", "it must").replace("String should", "it must")


def _dotted(location: tuple[int | str, ...]) -> str:
    text = ""
    for part in location:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _suggestion(location: tuple[int | str, ...], root: type[BaseModel]) -> str:
    section: Any = root
    for part in location[:-1]:
        if isinstance(part, str):
            fields = getattr(section, "model_fields", {})
            section = _model_in(fields[part].annotation) if part in fields else None
    known = [field.alias or name for name, field in getattr(section, "model_fields", {}).items()]
    near = difflib.get_close_matches(str(location[-1]), known, n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else f"; known here: {', '.join(sorted(known))}"


def _model_in(annotation: Any) -> Any:
    if get_origin(annotation) in (tuple, list, UnionType):
        return next((found for arg in get_args(annotation) if (found := _model_in(arg))), None)
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None


def _line_of(path: Path, location: tuple[int | str, ...]) -> int | None:
    """Find the line of a key: the n-th header of its table, then the key below it."""
    names = [part for part in location if isinstance(part, str)]
    table, key = names[:-1], names[-1] if names else ""
    wanted = next((part + 1 for part in location if isinstance(part, int)), 1)
    seen, inside = 0, not table
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if header := re.match(r"\s*\[\[?\s*([^\]]+?)\s*\]", line):
            inside = header[1] == ".".join(table)
            seen += inside
        if inside and (not table or seen == wanted) and re.match(rf"\s*\"?{re.escape(key)}\"?\s*=", line):
            return number
        if not table and re.match(rf"\s*\[\[?\s*{re.escape(key)}\s*\]", line):
            return number
    return None
