"""The people that a source wrote down: trimmed, with the defaults, and none that must be guessed at."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from tasks.directory.read import LISTS, PEOPLE_COLUMNS
from tasks.errors import DirectoryError

# What a source wrote for our columns: one value per person; columns that it doesn't have are left out.
Values = Mapping[str, Sequence[Any]]

KINDS = ("employee", "guest", "local_partner", "native_partner")
STATUSES = ("active", "suspended", "deprovisioned")  # `missing` is concluded, never read
# By these people are told apart. A control character in one is damage, or a trick on who reads it.
_TELLING = ("person_id", "user_name", "primary_email", "aliases", "manager_id", "groups")
# These are what people like to be called; but a zero byte is damage anywhere.
_SHOWN = ("display_name", "given_name", "family_name", "department", "title", "country")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_ZERO = re.compile(r"\0")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def people_of(values: Values) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return one row per person with `PEOPLE_COLUMNS`, by person_id, and which columns have values.

    Missing text is NaN; aliases and groups are lists. An empty person_id is the lower-cased primary_email, an
    empty kind `employee`, and an empty status `active` (design §5), also where other rows have one: sources
    that name only who left are common. A whole column that is lost is another matter, see verdict.py. Raises
    DirectoryError, naming rows by their places, for people without an id, twice the same id, a kind or status
    that is unknown, and characters that stand in no id, address or name.
    """
    count = max((len(column) for column in values.values()), default=0)
    columns: dict[str, list[Any]] = {}
    for name in PEOPLE_COLUMNS:
        clean = _list if name in LISTS else _text
        columns[name] = _cleaned(name, values.get(name) or [None] * count, clean)
    filled = tuple(name for name, column in columns.items() if any(column))
    addresses = columns["primary_email"]
    columns["person_id"] = [
        written or (address and address.lower())
        for written, address in zip(columns["person_id"], addresses, strict=True)
    ]
    columns["kind"] = [(written or "employee").lower() for written in columns["kind"]]
    columns["status"] = [(written or "active").lower() for written in columns["status"]]
    _check(columns)
    order = sorted(range(count), key=columns["person_id"].__getitem__)
    frame = pd.DataFrame(
        {
            name: pd.Series([column[at] for at in order], dtype="object" if name in LISTS else "str")
            for name, column in columns.items()
        }
    )
    return frame, filled


def nobody() -> pd.DataFrame:
    """Return the frame of a source that could not be read: the columns, and no row."""
    return pd.DataFrame(
        {name: pd.Series(dtype="object" if name in LISTS else "str") for name in PEOPLE_COLUMNS}
    )


def _cleaned(name: str, written: Sequence[Any], clean: Callable[[Any], Any]) -> list[Any]:
    try:
        return [clean(value) for value in written]
    except TypeError:
        at = next(at for at, value in enumerate(written, 1) if not _can(clean, value))
        raise DirectoryError(f"has something that is no text as {name} of person {at}") from None


def _can(clean: Callable[[Any], Any], value: Any) -> bool:
    try:
        clean(value)
    except TypeError:
        return False
    return True


def _text(value: Any) -> str | None:
    if isinstance(value, str):  # first, for there are millions of them
        if not value.isascii():
            # half a pair (JSON's \ud800 alone) can't be written anywhere
            value = _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", value)
        return value.strip() or None
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    raise TypeError


def _list(value: Any) -> list[str]:
    """Return the texts of a list, or of a text with ";" between them."""
    if not value:
        return []
    pieces = value.split(";") if isinstance(value, str) else value
    if not isinstance(pieces, list):
        raise TypeError
    return [text for text in map(_text, pieces) if text]


def _check(columns: Mapping[str, list[Any]]) -> None:
    """Raise DirectoryError on what must not be guessed at; values stay out, since reasons are logged."""
    ids = columns["person_id"]
    if missing := [at for at, found in enumerate(ids, 1) if not found]:
        raise DirectoryError(
            f"has {len(missing)} people without person_id and primary_email: {places(missing)}"
        )
    if len(set(ids)) < len(ids):
        counts = pd.Series(ids).duplicated(keep=False)
        twice = [at for at, is_twice in enumerate(counts, 1) if is_twice]
        raise DirectoryError(
            f"has {len(twice)} rows that share their person_id with another: {places(twice)}"
        )
    for name, known in (("kind", KINDS), ("status", STATUSES)):
        if unknown := [at for at, found in enumerate(columns[name], 1) if found not in known]:
            raise DirectoryError(
                f"has an unknown {name} in {len(unknown)} rows: {places(unknown)}; "
                f"it must be one of: {', '.join(known)}"
            )
    for names, pattern, what in (
        (_TELLING, _CONTROL, "control characters"),
        (_SHOWN, _ZERO, "zero bytes"),
    ):
        for name in names:
            if pattern.search("".join(_flat(columns[name]))):  # all at once: it is rare
                odd = [at for at, found in enumerate(columns[name], 1) if found and _holds(pattern, found)]
                raise DirectoryError(f"has {what} in {name} of {len(odd)} rows: {places(odd)}")


def _holds(pattern: re.Pattern[str], found: str | list[str]) -> bool:
    return pattern.search("".join(_flat([found]))) is not None


def _flat(column: Iterable[str | list[str] | None]) -> Iterator[str]:
    for found in column:
        if isinstance(found, str):
            yield found
        elif found:
            yield from found


def places(places: Sequence[int]) -> str:
    """Return the first places of people in a file, the header not counted."""
    some = ", ".join(map(str, places[:5]))
    return f"person {some}" + (" and others" if len(places) > 5 else "")
