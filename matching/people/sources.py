"""One row per person, where several sources of the directory know him."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pandas as pd

LISTS = ["aliases", "groups"]


@dataclass(frozen=True, slots=True)
class OnePerPerson:
    """`people`: one row per person. `ids`: the other ids that people have → the one that `people` has.

    `left_elsewhere`: who has left by a configured source that hasn't the word.
    """

    people: pd.DataFrame
    ids: Mapping[str, str]
    left_elsewhere: frozenset[str] = frozenset()

    def by_every_id(self) -> pd.DataFrame:
        """Return `people` with a row for each id that they have; `known_as` is the one that `people` has."""
        known = self.people.assign(known_as=self.people["person_id"])
        others = pd.DataFrame({"person_id": list(self.ids), "known_as": list(self.ids.values())}, dtype="str")
        again = others.merge(known.drop(columns="person_id"), on="known_as")
        return pd.concat([known, again[known.columns]], ignore_index=True) if len(again) else known


def one_per_person(
    people: pd.DataFrame, order: Mapping[str, int], without_status: Collection[str] = ()
) -> OnePerPerson:
    """Return each person once, as the source says that is configured first.

    `people`: one row per (source, person_id): besides the columns of the directory `first_seen`, when that
    source first had that id. `order`: source → its place in the configuration. The same person is who has the
    same id, or in each source alone the same primary address and the same name. He keeps the id that was
    known first, so that links and decisions stay when a source is added. What is empty is filled from the
    next source, aliases are put together. A source that says nothing any more about somebody, as he is
    missing there, leaves the word to the next one; so does a source that is not configured any more, and one
    of `without_status`, which calls everybody active for want of a word.
    """
    place = people["source"].map(order)
    gone = place.isna() & (people["status"] != "deprovisioned")
    rows = people.assign(
        status=people["status"].mask(gone, "missing"), place=place.fillna(len(order)).astype("int64")
    )
    by_default = rows["source"].isin(list(without_status)) & (rows["status"] == "active")
    silent = by_default.astype("int64").mask(rows["status"] == "missing", 2)
    rows = rows.assign(silent=silent).sort_values(["silent", "place", "person_id"], kind="stable")
    same = _same(rows)
    ids = {other: kept for other, kept in same.items() if other != kept}
    merged = _merged(as_one(rows, same))
    if ids:
        merged = as_one(merged, ids, "manager_id")
    merged = merged.sort_values(["place", "person_id"], kind="stable").drop(columns="silent")
    left = rows["person_id"][(rows["status"] == "deprovisioned") & rows["source"].isin(list(order))]
    here = merged["person_id"][merged["status"] == "active"]
    return OnePerPerson(merged, ids, frozenset(ids.get(one, one) for one in left).intersection(here.tolist()))


def status_said(status: str, source: str, order: Mapping[str, int]) -> str:
    """Return the status of somebody whom one source knows: it says no more when it is not configured."""
    return status if source in order or status == "deprovisioned" else "missing"


def as_one(frame: pd.DataFrame, ids: Mapping[str, str], column: str = "person_id") -> pd.DataFrame:
    """Return a frame with the ids of `OnePerPerson.ids` in a column of person ids."""
    if not ids:
        return frame
    return frame.assign(**{column: [ids.get(one, one) for one in frame[column]]})


def _same(rows: pd.DataFrame) -> dict[str, str]:
    """Return for each id of a person who has several the one that was known first."""
    if rows["source"].nunique() < 2:
        return {}
    address = rows["primary_email"].astype("str").str.strip().str.lower().where(rows["primary_email"].notna())
    keyed = rows.assign(key=address + "\n" + _name(rows))
    keyed = keyed[keyed["key"].notna()]
    groups = keyed.groupby("key")
    # two of one source under one address are two people, or a mistake: people decide
    alone = groups["source"].transform("count") == groups["source"].transform("nunique")
    several = groups["person_id"].transform("nunique") > 1
    keyed = keyed[alone & several].sort_values(["first_seen", "place", "person_id"], kind="stable")
    kept = keyed.groupby("key")["person_id"].transform("first")
    pairs = pd.DataFrame({"id": keyed["person_id"], "kept": kept}).drop_duplicates()
    # an id that would be two people stays by itself
    sound = ~pairs["id"].duplicated(keep=False)
    return dict(zip(pairs["id"][sound], pairs["kept"][sound], strict=True))


def _name(rows: pd.DataFrame) -> pd.Series:
    given, family, shown = (
        rows[name].astype("object").where(rows[name].notna(), "")
        for name in ("given_name", "family_name", "display_name")
    )
    name = shown.where(shown.str.strip() != "", given + " " + family)
    folded = name.str.casefold().str.split().str.join(" ")
    return folded.where(folded != "")


def _merged(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the first row of each person, with what it lacks from the others."""
    twice = rows["person_id"].duplicated(keep=False)
    if not twice.any():
        return rows
    several = rows[twice]
    first = several.groupby("person_id", sort=False, as_index=False).first()
    for name in LISTS:
        together = _together(several["person_id"], several[name])
        first[name] = pd.Series([together[person] for person in first["person_id"]], dtype="object")
    return pd.concat([rows[~twice], first[rows.columns]])


def _together(persons: pd.Series, lists: pd.Series) -> dict[str, list[str]]:
    found: dict[str, dict[str, str]] = {}
    for person, texts in zip(persons, lists, strict=True):
        mine = found.setdefault(person, {})
        for text in texts if isinstance(texts, list) else ():
            mine.setdefault(text.lower(), text)
    return {person: list(texts.values()) for person, texts in found.items()}
