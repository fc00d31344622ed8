"""What the warehouse says of the directory, remembered by a process that checks many hubs.

Hundreds of hubs have one directory: reading it out of the warehouse, and what is made of it before any member
is looked at, comes out the same for each of them. It is kept under a digest of the whole table, history and
all, so that whatever changes the table by whomever is seen.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from tasks.warehouse.statements import run

if TYPE_CHECKING:
    import duckdb

Found = TypeVar("Found")


@dataclass(slots=True)
class _Memory:
    digest: tuple[Any, ...] = ()
    answers: dict[Hashable, Any] = field(default_factory=dict)


_memory: list[_Memory] = []  # one, or none: who checks a single hub would only hold it twice


class This:
    """Stands for one object in a question: equal to itself alone, whatever it holds."""

    def __init__(self, it: object) -> None:
        self._it = it

    def __hash__(self) -> int:
        return id(self._it)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, This) and self._it is other._it


def remember_directory() -> None:
    """Remember from now on, in this process."""
    if not _memory:
        _memory.append(_Memory())


def remembers_directory() -> bool:
    """Say whether this process checks many hubs."""
    return bool(_memory)


def state_of_directory(con: duckdb.DuckDBPyConnection) -> tuple[Any, ...]:
    """Return a digest of the whole table of people: another one where anything in it is another."""
    (digest,) = run(con, "people_digest").fetchall()
    return tuple(digest)


def of_directory(con: duckdb.DuckDBPyConnection, question: Hashable, ask: Callable[[], Found]) -> Found:
    """Return `ask()`, or what it was when the directory was the same; the answer is nobody's to change.

    `question` names it; it must depend on nothing but the table of the people, and on what is in `question`.
    """
    if not _memory:
        return ask()
    (memory,) = _memory
    digest = state_of_directory(con)
    if memory.digest != digest:
        memory.digest, memory.answers = digest, {}
    if question not in memory.answers:
        memory.answers[question] = ask()
    found: Found = memory.answers[question]
    return found
