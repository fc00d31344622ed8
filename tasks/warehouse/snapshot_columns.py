"""What a snapshot holds, and who may see it: read from snapshot_columns.toml, the one place that says so."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

CLASSES = frozenset({"open", "pseudonym", "personal"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its class decides whether the masked file has it, and as what."""

    name: str
    kind: str  # open, pseudonym or personal
    comment: str


@dataclass(frozen=True, slots=True)
class Relation:
    """One table or view of schema roster."""

    name: str
    is_view: bool
    comment: str
    columns: tuple[Column, ...]

    def shown(self, *, masked: bool) -> tuple[Column, ...]:
        """Return the columns that the full or the masked file has."""
        return tuple(column for column in self.columns if not masked or column.kind != "personal")


@cache
def relations() -> tuple[Relation, ...]:
    """Return the tables and then the views, each after those that it reads."""
    text = (files("tasks.warehouse") / "snapshot_columns.toml").read_text(encoding="utf-8")
    return tuple(
        Relation(
            name,
            told["kind"] == "view",
            told["comment"],
            tuple(Column(column, kind, comment) for column, (kind, comment) in told["columns"].items()),
        )
        for name, told in tomllib.loads(text).items()
    )
