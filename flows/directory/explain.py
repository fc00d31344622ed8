"""What each source of the directory says of a person, which one has the word, since when, and the seats."""

from dataclasses import dataclass

import pandas as pd

from flows.opening.warehouse import reading_warehouse
from flows.owners.seat_of import ActionRefused
from flows.settings import Settings
from matching.people.sources import one_per_person
from tasks.warehouse import directory_queries, queries

MOST = 10


@dataclass(frozen=True, slots=True)
class Explained:
    """One person, by all of his ids: `person_id` is the one that links go by, `source` has the word.

    `said`: one row per source, id and time, those of `source` first, the newest of each first. `seats`: one
    row per seat.
    """

    person_id: str
    ids: tuple[str, ...]
    source: str
    said: pd.DataFrame
    seats: pd.DataFrame


def explain_person(settings: Settings, named: str) -> Explained:
    """Return what is known of the one person with this id, address, alias, user name or name.

    Raises ActionRefused for none, and for several, with their ids.
    """
    wanted = named.strip().casefold()
    with reading_warehouse(settings) as con:
        people = queries.people(con)
        one = one_per_person(people, settings.directory_order, queries.sources_without_status(con))
        asked = {one.ids.get(person, person) for person in _meant(people, wanted)}
        if len(asked) != 1:
            raise ActionRefused(_which(asked))
        (person,) = asked
        ids = (person, *sorted(other for other, kept in one.ids.items() if kept == person))
        history = directory_queries.person_history(con, ids)
        seats = directory_queries.seats_of(con, ids)
    source = str(one.people.set_index("person_id").loc[person, "source"])
    order = {source: -1} | {name: n for name, n in settings.directory_order.items() if name != source}
    place = history["source"].map(lambda name: order.get(name, len(order)))
    # a stable sort: within a source the newest stays first
    said = history.assign(place=place).sort_values("place", kind="stable").drop(columns="place")
    return Explained(person, ids, source, said, seats)


def _meant(people: pd.DataFrame, wanted: str) -> list[str]:
    """Return the ids of those who are called so: by id, else by address, else by name."""
    if not wanted:
        return []
    for columns in (("person_id",), ("primary_email", "user_name"), ("display_name",)):
        found = [
            row["person_id"]
            for row in people[["person_id", "aliases", *{*columns} - {"person_id"}]].to_dict("records")
            if any(isinstance(row[name], str) and row[name].strip().casefold() == wanted for name in columns)
            or ("primary_email" in columns and wanted in [one.casefold() for one in row["aliases"] or ()])
        ]
        if found:
            return found
    return []


def _which(asked: set[str]) -> str:
    if not asked:
        return "nobody of the directory has that id, address or name: `hubroster people TEXT` finds people"
    shown = ", ".join(sorted(asked)[:MOST]) + (f" and {len(asked) - MOST} more" if len(asked) > MOST else "")
    return f"{len(asked)} people are called so: name one by the id, {shown}"
