"""One entry of the book, what it may hold, and its hash."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from matching.roster.canonical import canonical_json, sha256_of

DEEPEST = 20  # of a payload: ours have three levels or four

READ_ONCE = 8192  # payloads; a year of a small hub has some 1,500

# What the hash is over, besides the previous one; the payload is the text that is stored, byte for byte
HASHED = ("seq", "at", "hub", "actor", "identified_by", "kind", "payload", "previous_hash")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was decided, or done at Meta. `at` is UTC; the payload holds ids and refs, no names."""

    seq: int
    at: datetime
    hub: str
    actor: str
    identified_by: str
    kind: str
    payload: dict[str, Any]
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain ends: who keeps one can prove later that nothing before it was changed."""

    seq: int
    hash: str
    at: datetime


GENESIS = Head(0, "0" * 64, datetime(1970, 1, 1, tzinfo=UTC))


def hash_of(columns: Mapping[str, Any]) -> str:
    """Return the hex sha256 over an entry's columns as they are stored, its own hash left out."""
    return sha256_of({name: columns[name] for name in HASHED})


def stamp(moment: datetime) -> str:
    """Return a time as the ledger stores it: UTC, always of the same length, so that text sorts as time."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone can't be stored")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def moment(stored: str) -> datetime:
    """Return the time that `stamp` stored."""
    return datetime.fromisoformat(stored)


def well_formed(text: str) -> str:
    """Return the text with U+FFFD for what no database takes: half of a surrogate pair, and NUL.

    A pair in two halves becomes the character that it means, as JSON reads it.
    """
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace("\0", "\N{REPLACEMENT CHARACTER}")


def payload_text(payload: Mapping[str, Any]) -> str:
    """Return the payload as canonical JSON, which reads back as itself.

    Raises ValueError for what may not stand in the chain: an address (anything with an "@"), and what JSON
    can't say.
    """
    return canonical_json(_plain(payload, DEEPEST)).decode("utf-8")


@lru_cache(maxsize=READ_ONCE)
def payload_of(text: str) -> dict[str, Any]:
    """Return the payload that `payload_text` wrote; it is nobody's to change.

    A check asks for the same entries some thirty times, and they grow with the years: each text is read once.
    """
    payload: dict[str, Any] = json.loads(text)
    return payload


def without_address(text: str, where: str) -> str:
    """Return a well-formed text. Raises ValueError when it has an "@": an entry can never be forgotten."""
    if "@" in text:
        raise ValueError(f"{where} holds an address, which the ledger never does: use Book.ref or Book.text")
    return well_formed(text)


def _plain(value: Any, deepest: int) -> Any:
    if deepest < 0:
        raise ValueError(f"a payload has at most {DEEPEST} levels")
    if isinstance(value, str):
        return without_address(value, "a payload")
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, list | tuple):
        return [_plain(one, deepest - 1) for one in value]
    if isinstance(value, Mapping):
        return _plain_object(value, deepest)
    raise ValueError(f"a payload can't hold a {type(value).__name__}, only what JSON can say")


def _plain_object(value: Mapping[Any, Any], deepest: int) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for key, one in value.items():
        if not isinstance(key, str):
            raise ValueError(f"a payload's keys are text, not {type(key).__name__}")  # noqa: TRY004  # as above
        name = without_address(key, "a payload")
        if name in plain:
            raise ValueError("two keys of a payload are the same once they are well-formed")
        plain[name] = _plain(one, deepest - 1)
    return plain
