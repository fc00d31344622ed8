"""Turns what pydantic finds wrong with a configuration into one line: file, line, key, mend."""

import difflib
import re
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError


def explain(error: ValidationError, path: Path, root: type[BaseModel]) -> str:
    """Return one line on the first thing that is wrong, with the count of the others.

    Values are never repeated: a key may hold a secret that somebody pasted.
    """
    found = error.errors(include_url=False, include_input=False)
    # a list whose only item is wrong is "too short" as well: that is not news
    problems = [p for p in found if p["type"] != "too_short"] or found
    # a key that is misspelt is unknown, and another one missing for it: what is there is told first
    problems.sort(key=lambda problem: problem["type"] == "missing")
    first = problems[0]
    location = first["loc"]
    where = _dotted(location)
    line = _line_of(path, location)
    place = f"{path}, line {line}" if line else str(path)
    if first["type"] == "extra_forbidden":
        text = f"unknown key {where!r}{_suggestion(location, root)}"
    elif first["type"] == "missing":
        text = f"{where!r} is missing"
    else:
        text = f"{where!r}: {first['msg'].removeprefix('Value error, ')}"
    more = len(problems) - 1
    return f"{place}: {text}" + (f" (and {more} more)" if more else "")


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
