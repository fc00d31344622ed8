"""From the old ids of a source to its new ones, where the source gave its people other ids."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True, slots=True)
class Rekeying:
    """`ids`: old id → new one. `unmapped`: old ids that lead nowhere, though the new file lacks them.

    `reused`: those of the old ids, without a new one, that the new file gives to somebody else.
    """

    ids: Mapping[str, str]
    unmapped: tuple[str, ...]
    reused: tuple[str, ...]


def rekeying(old: pd.DataFrame, new: pd.DataFrame) -> Rekeying:
    """Return which old id is which new one: by exactly the same primary address and the same name.

    One row per person in each: person_id, primary_email, display_name, given_name, family_name. Capitals and
    blanks don't count. An address and name that two people of one side have leads nowhere, as does an address
    whose name changed: it may have gone to somebody new.
    """
    before, after = _by_key(old), _by_key(new)
    same = {before[key]: after[key] for key in before.keys() & after.keys()}
    ids = {was: now for was, now in same.items() if was != now}
    present, given = set(new["person_id"]), set(ids.values())
    others = [person for person in old["person_id"] if person not in same]
    return Rekeying(
        ids,
        tuple(sorted(person for person in others if person not in present)),
        tuple(sorted(person for person in others if person in given)),
    )


def _by_key(people: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Return (address, name) → id, of those whom it tells apart."""
    found: dict[tuple[str, str], str | None] = {}
    columns = ("person_id", "primary_email", "display_name", "given_name", "family_name")
    for person, email, shown, given, family in zip(*(people[name] for name in columns), strict=True):
        key = (_folded(email), _folded(shown) or f"{_folded(given)} {_folded(family)}".strip())
        if all(key):
            found[key] = None if key in found else person
    return {key: person for key, person in found.items() if person is not None}


def _folded(value: object) -> str:
    return " ".join(value.casefold().split()) if isinstance(value, str) else ""
