"""Why: one row per field that was compared, with what both sides say and what it is worth in bits."""

import duckdb
import numpy as np
import pandas as pd

from matching.people.decide import CERTAIN
from matching.people.exact import RULES

FIELDS = ("link", "email", "given_name", "family_name", "other_names", "namesakes", "seat")
COLUMNS = ["member_id", "rank", "person_id", "field", "member_value", "person_value", "comparison", "bits"]

_GRADES = {
    1: "same",
    2: "one letter differs",
    3: "alike",
    4: "initial",
    5: "same, written as one word",
    6: "nickname",
    7: "same, spelt otherwise",
}
EARLIER = RULES.index("earlier_link") + 1  # strengths count from 1
_RULES = {
    "exact_address": "same address",
    "alias": "same as an alias",
    "user_name": "same as the user name",
    "plus_address": 'same without the "+" part',
    "earlier_link": "linked before",
    "decision": "somebody decided so",
}
_CLASSES = {
    "own": "own domain, nobody's address",
    "former": "former own domain",
    "free": "free provider",
    "foreign": "foreign domain",
}

# The texts of both sides for the pairs that are shown; address is the one of the person's that agrees most.
TEXTS = """
with theirs as (
    select p, address, local, domain, owned.place || raw as text
    from owned
    semi join (select distinct p from shown) using (p)
), by_address as (
    select p, address, min(text) as text from theirs group by all
), by_local as (
    select p, local, min(text) as text from theirs group by all
), by_domain as (
    select p, domain, min(text) as text from theirs group by all
), by_place as (
    select p, min(text) as text from theirs group by all
), agreeing as (
    select shown.m, shown.p,
           substr(coalesce(by_address.text, by_local.text, by_domain.text, by_place.text), 2) as address
    from shown
    join seat_domains using (m)
    join by_place using (p)
    left join by_address on by_address.p = shown.p and by_address.address = seat_domains.address
    left join by_local on by_local.p = shown.p and by_local.local = seat_domains.local
    left join by_domain on by_domain.p = shown.p and by_domain.domain = seat_domains.domain
)
select shown.m, shown.p, seats.member_id, seats.name, seats.email, persons.person_id,
       coalesce(agreeing.address, persons.primary_email, persons.user_name) as address, persons.user_name,
       coalesce(persons.given_name, persons.display_name) as given_name,
       coalesce(persons.family_name, persons.display_name) as family_name,
       coalesce(persons.display_name, nullif(concat_ws(' ', persons.given_name, persons.family_name), ''))
           as display_name
from shown
join seats using (m)
join persons using (p)
left join agreeing using (m, p)
order by shown.m, shown.p
"""


def explain(con: duckdb.DuckDBPyConnection, linked: pd.DataFrame, ranked: pd.DataFrame) -> pd.DataFrame:
    """Return the evidence in COLUMNS, ordered by member_id, rank and the order of FIELDS.

    `linked` are the settled members with their rule, `ranked` the pairs shown to people. The bits of a pair
    add up to its likelihood before rivals and "nobody" take their part.
    """
    con.register("shown", pd.concat([linked[["m", "p"]], ranked[["m", "p"]]]))
    texts = con.execute(TEXTS).df()
    con.unregister("shown")
    sure = linked.assign(rank=1).merge(texts, on=["m", "p"])
    likely = ranked.merge(texts, on=["m", "p"])
    rows = pd.concat([*_settled(sure), *_addresses(likely), *_names(likely), _lift(likely), _seat(likely)])
    rows["order"] = rows["field"].map({field: place for place, field in enumerate(FIELDS)})
    rows = rows.sort_values(["m", "rank", "order"], kind="stable", ignore_index=True)
    return rows[COLUMNS]


def _settled(sure: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the one row that links each settled member."""
    is_address = ~sure["rule"].isin(["earlier_link", "decision"])
    comparison = sure["rule"].map(_RULES)
    bits = sure["rule"].map(CERTAIN)
    person = sure["user_name"].where(sure["rule"] == "user_name", sure["address"])
    return [
        _rows(sure, "email", "email", person, comparison, bits)[is_address],
        _rows(sure, "link", "member_id", sure["person_id"], comparison, bits)[~is_address],
    ]


def _addresses(pairs: pd.DataFrame) -> list[pd.DataFrame]:
    """Return what the address says about each pair; nothing where the member has none."""
    named = pairs["class"].map(_CLASSES).fillna("not one address")
    named = named.where(~pairs["is_same_domain"] | (pairs["class"] == "own"), "same domain")
    named = named.where(~pairs["is_same_local"], named + ', same before the "@"')
    rule = pd.Series(RULES, index=range(1, len(RULES) + 1))
    doubted = pairs["doubt"] != ""
    comparison = pairs["strength"].map(rule).map(_RULES).where(doubted, named)
    rows = _rows(pairs, "email", "email", pairs["address"], comparison, pairs["email_cb"] / 100)
    links = _rows(pairs, "link", "member_id", pairs["person_id"], comparison, pairs["email_cb"] / 100)
    by_link = doubted & (pairs["strength"] == EARLIER)
    return [rows[pairs["email"].notna() & ~by_link], links[by_link]]


def _names(pairs: pd.DataFrame) -> list[pd.DataFrame]:
    """Return what the words of the name say, from the name or, where that says more, from the address."""
    has_name = pairs["source"] > 0
    said = pairs["email"].where(pairs["source"] == 2, pairs["name"])
    rows = []
    for field in ("given_name", "family_name"):
        part = field.removesuffix("_name")
        cb = pairs[f"{part}_cb"]
        comparison = pairs[f"{part}_grade"].map(_GRADES).fillna("not there")
        found = _rows(pairs, field, said, pairs[field], comparison, cb / 100)
        rows.append(found[has_name & ((cb != 0) | (pairs[part] > 0))])
    other = np.where(pairs["other_cb"] > 0, "further words agree", "words without a counterpart")
    found = _rows(pairs, "other_names", said, pairs["display_name"], other, pairs["other_cb"] / 100)
    rows.append(found[has_name & (pairs["other_cb"] != 0)])
    return rows


def _lift(pairs: pd.DataFrame) -> pd.DataFrame:
    label = "these names often come together"
    found = _rows(pairs, "namesakes", "name", pairs["display_name"], label, pairs["lift_cb"] / 100)
    return found[pairs["lift_cb"] != 0]


def _seat(pairs: pd.DataFrame) -> pd.DataFrame:
    label = "has a seat here already"
    found = _rows(pairs, "seat", "member_id", pairs["person_id"], label, pairs["seat_cb"] / 100)
    return found[pairs["seat_cb"] != 0]


def _rows(
    pairs: pd.DataFrame,
    field: str,
    member: str | pd.Series,
    person: pd.Series,
    comparison: object,
    bits: pd.Series,
) -> pd.DataFrame:
    """Return one row of evidence per pair; `member` is a column's name or its values."""
    return pd.DataFrame(
        {
            "m": pairs["m"], "member_id": pairs["member_id"], "rank": pairs["rank"],
            "person_id": pairs["person_id"], "field": field,
            "member_value": pairs[member] if isinstance(member, str) else member,
            "person_value": person, "comparison": comparison, "bits": bits.astype("float64"),
        }
    )  # fmt: skip
