"""The one seat or person that an Owner means: by Meta id, person id or exact address, never a guess."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from flows.opening.ledger import people_by_address, people_by_id
from flows.opening.warehouse import reading_warehouse
from flows.settings import Settings
from matching.review.owners import Known
from tasks.errors import HubrosterError
from tasks.warehouse import queries


class ActionRefused(HubrosterError):
    """Something that an Owner asked for and that had no effect; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One seat of a hub as the last check left it.

    `facts` are the columns of the roster, `rights` one row per grant as `queries.grants_of` gives them.
    `could_be` are the ids of all people whose seat it is or could be: linked, or a candidate.
    """

    facts: dict[str, Any]
    rights: pd.DataFrame
    could_be: tuple[str, ...]

    @property
    def kind(self) -> str:
        return str(self.facts["kind"])

    @property
    def member_id(self) -> str:
        return str(self.facts["member_id"])

    @property
    def stay(self) -> str:
        return str(self.facts["stay_id"])

    @property
    def role(self) -> str:
        return text_of(self.facts["role"])

    @property
    def email(self) -> str:
        return text_of(self.facts["email"])

    @property
    def linked(self) -> str | None:
        """The id of the person whose seat it is, None while it is nobody's."""
        person = self.facts["person_id"]
        return person if self.facts["outcome"] == "matched" and isinstance(person, str) else None


def seat_of(settings: Settings, label: str, named: str) -> Seat:
    """Return the seat with this Meta id or exactly this address. Raises ActionRefused for none or several."""
    wanted = named.strip()
    settings.hub(label)
    with reading_warehouse(settings) as con:
        roster = queries.roster(con, label, settings.directory_order)
        by_address = roster["email"].astype("str").str.strip().str.lower() == wanted.lower()
        found = roster[(roster["member_id"] == wanted) | (by_address & roster["email"].notna())]
        if len(found) != 1 or not wanted:
            raise ActionRefused(_which(label, found["member_id"].tolist()))
        facts = {str(k): v for k, v in found.iloc[0].to_dict().items()}
        rights = queries.grants_of(con, label, found[["kind", "member_id"]])
        options = queries.candidates(con, label)
    mine = options[options["stay_id"] == facts["stay_id"]]["person_id"].tolist()
    persons = dict.fromkeys([facts["person_id"], *mine])
    could_be = [one for one in persons if isinstance(one, str)]
    if email := text_of(facts["email"]):
        could_be += [k.person_id for k in people_by_address(settings, [email]).get(email.strip().lower(), [])]
    return Seat(facts, rights, tuple(dict.fromkeys(could_be)))


def person_of(settings: Settings, named: str) -> Known:
    """Return the person with this id or exactly this address. Raises ActionRefused for none or several."""
    wanted = named.strip()
    found = {one.person_id: one for one in people_by_id(settings, [wanted]).values()} if wanted else {}
    if not found and wanted:
        by_address = people_by_address(settings, [wanted.lower()]).get(wanted.lower(), [])
        found = {one.person_id: one for one in by_address}
    if len(found) != 1:
        raise ActionRefused(
            f"that leads to {len(found)} people of the directory; nothing was done: give the person id or "
            "an exact address; `hubroster people TEXT` finds them"
        )
    return next(iter(found.values()))


def text_of(value: object) -> str:
    """Return a text of the warehouse, empty where there is none."""
    return value if isinstance(value, str) else ""


def _which(label: str, ids: Sequence[str]) -> str:
    if not ids:
        return (
            f"no member of {label} has that Meta id or exactly that address, and nothing was done: "
            f"`hubroster members {label}` lists them (a new one is known after the next check)"
        )
    shown = ", ".join(ids[:10]) + (f" and {len(ids) - 10} more" if len(ids) > 10 else "")
    return f"{len(ids)} members of {label} have that address; nothing was done: name one by its id, {shown}"
