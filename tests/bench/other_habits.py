"""A labelled company as others keep it: nothing but display names, log-on names, titles, particles, tails.

The generated companies have few or none of these. Shares are assumptions; they are drawn by the ids.
"""

from zlib import crc32

import pandas as pd

TAILS = (" - Marketing", " | Northstar Agency", " – Paid Social")
PARTICLES = ("de ", "van der ", "da ", "von ")
ONE_IN = 8  # people or members per habit


def in_other_habits(
    members: pd.DataFrame, people: pd.DataFrame, truth: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the company rewritten; who is whom stays, and who could be told."""
    person = people.set_index("person_id")
    family = pd.Series({one: _family(one, name) for one, name in person["family_name"].items()})
    whole = person["given_name"] + " " + family
    last_first = family + ", " + person["given_name"]
    shown = whole.where([_draw(one, "order", 2) for one in whole.index], last_first)
    tailed = shown + " - " + person["department"].fillna("Office")
    shown = shown.mask([_draw(one, "department") for one in shown.index], tailed)
    shown = shown.mask([_draw(one, "doctor") for one in shown.index], "Dr. " + whole)
    kept = people.assign(
        display_name=people["person_id"].map(shown), given_name=None, family_name=None,
        user_name="x" + people["person_id"].str.lower(),
    )  # fmt: skip
    return _members(members, truth, person, family), kept, truth


def _family(person: str, name: str) -> str:
    if _draw(person, "particle"):
        return PARTICLES[crc32(person.encode()) % len(PARTICLES)] + name
    return f"O'{name}" if _draw(person, "apostrophe") else name


def _members(
    members: pd.DataFrame, truth: pd.DataFrame, person: pd.DataFrame, family: pd.Series
) -> pd.DataFrame:
    whose = dict(zip(truth["member_id"], truth["person_id"], strict=True))
    rows = members.assign(first_name=None, last_name=None)
    named = [_name(one, text, whose[one], person, family) for one, text in rows[["member_id", "name"]].values]
    written = [_address(one, text, whose[one], person) for one, text in rows[["member_id", "email"]].values]
    return rows.assign(name=named, email=written)


def _name(member: str, name: str, whose: str | None, person: pd.DataFrame, family: pd.Series) -> str:
    if not isinstance(name, str):
        return name
    if whose in person.index:
        short = person["family_name"][whose]
        own = family[whose].replace("'", "") if "'" in family[whose] else family[whose]
        if not _draw(member, "particle dropped", 2):
            name = name.replace(short, own)
    if _draw(member, "title"):
        name = f"Dr. {name}"
    return name + TAILS[crc32(member.encode()) % len(TAILS)] if _draw(member, "tail") else name


def _address(member: str, email: str, whose: str | None, person: pd.DataFrame) -> str:
    if whose not in person.index or not isinstance(email, str) or not _draw(member, "log-on"):
        return email
    own = str(person["primary_email"][whose])
    is_own = email == own
    if person["kind"][whose] == "employee":
        return f"x{whose.lower()}@{own.partition('@')[2]}" if is_own else email
    return f"office@{own.partition('@')[2]}" if is_own else email


def _draw(one: str, habit: str, in_so_many: int = ONE_IN) -> bool:
    return crc32(f"{habit} {one}".encode()) % in_so_many == 0
