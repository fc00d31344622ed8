"""How the sources of the directory stand: what was believed, what was refused, what the file says now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flows.directory_source import DirectorySource
from flows.opening.directory import may_be_accepted, read_now, with_word
from flows.opening.warehouse import reading_warehouse
from flows.owners.first_owners import can_act, first_owners
from flows.owners.seat_of import ActionRefused
from flows.settings import Settings
from matching.people.sources import one_per_person
from tasks.directory.advice import advice
from tasks.directory.read import DirectoryRead
from tasks.warehouse import directory_queries, queries


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reason for which reads were refused since the last accepted one: how many, since when, what to do."""

    reason: str
    reads: int
    first_at: datetime
    last_at: datetime
    advice: str


@dataclass(frozen=True, slots=True)
class SourceState:
    """One source. `people`: status → how many, in the last accepted read and those who were lost since.

    `file`: the read of the file as it is now, which is recorded nowhere. `last_at` and `made_at` are of the
    last accepted read, None before it. `may_accept`: an Owner can accept the file as it is now. `no_owner`:
    it could be accepted, and nobody is an Owner who can, by what was accepted or by the file.
    """

    source: str
    path: str
    last_at: datetime | None
    made_at: datetime | None
    people: Mapping[str, int]
    refused: tuple[Refusal, ...]
    file: DirectoryRead
    may_accept: bool
    no_owner: bool


@dataclass(frozen=True, slots=True)
class DirectoryState:
    """`disagree`: people whom the first source that knows them calls active, and another one gone."""

    sources: tuple[SourceState, ...]
    disagree: tuple[str, ...]


def directory_state(settings: Settings) -> DirectoryState:
    """Return how every source stands; each file is read as a check would."""
    states = [_source_state(settings, source) for source in settings.directory]
    return DirectoryState(tuple(states), _disagreeing(settings) if len(states) > 1 else ())


def source_of(settings: Settings, named: str) -> DirectorySource:
    """Return the source of that name, or with that path. Raises ActionRefused with the names there are."""
    found = [one for one in settings.directory if named in (one.source, str(one.path), one.path.name)]
    if len(found) != 1:
        known = ", ".join(one.source for one in settings.directory)
        raise ActionRefused(f"there is no directory source {named!r}; there are: {known}")
    return found[0]


def _source_state(settings: Settings, source: DirectorySource) -> SourceState:
    file = with_word(settings, source, read_now(settings, source))
    path = str(settings.beside_config(source.path))
    acceptable = not file.accepted and may_be_accepted(file)
    known = acceptable and (can_act(settings) or bool(first_owners(settings, source.source).people))
    who = (known, acceptable and not known)
    if not settings.warehouse_path.exists():
        return SourceState(source.source, path, None, None, {}, (), file, *who)
    with reading_warehouse(settings) as con:
        last = queries.last_accepted(con, source.source)
        refused = directory_queries.refused_reads(con, source.source)
        people = directory_queries.source_people(con, source.source)
    return SourceState(
        source.source,
        path,
        last.read_at if last else None,
        last.made_at if last else None,
        {str(status): int(n) for status, n in people.groupby("status")["people"].sum().items()},
        tuple(_refusal(row) for row in refused.to_dict("records")),
        file,
        *who,
    )


def _refusal(row: Mapping[Any, Any]) -> Refusal:
    return Refusal(
        row["reason"],
        int(row["reads"]),
        row["first_at"].to_pydatetime(),
        row["last_at"].to_pydatetime(),
        advice(row["reason"]),
    )


def _disagreeing(settings: Settings) -> tuple[str, ...]:
    if not settings.warehouse_path.exists():
        return ()
    with reading_warehouse(settings) as con:
        people, silent = queries.people(con), queries.sources_without_status(con)
    one = one_per_person(people, settings.directory_order, silent)
    return tuple(sorted(one.left_elsewhere))
