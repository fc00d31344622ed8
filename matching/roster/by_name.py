"""Who may be linked by name alone. Members choose their names at Meta: not where it matters (design §8)."""

import pandas as pd

from matching.people.exact import RULES
from matching.people.link import Policy

# Roles that by themselves may do nothing: a role that is not known here counts as one that may.
LOW_ROLES = frozenset({"EMPLOYEE", "DEFAULT", "BASIC"})


def is_low(role: pd.Series) -> pd.Series:
    """Say for each role whether it is known, and neither Full control nor about money."""
    return role.astype("str").str.strip().str.upper().fillna("").isin(LOW_ROLES)


def may_by_name(members: pd.DataFrame) -> pd.Series:
    """Say for each member whether a name is enough.

    It is not for Full control, a finance role or permission, management of any asset, or a name that was
    another one before. An invitation has no name: what stands before the "@" is not enough.
    """
    return (members["kind"] == "user") & is_low(members["role"]) & ~_is_barred(members)


def _is_barred(members: pd.DataFrame) -> pd.Series:
    money = members["finance_permission"].astype("str").str.strip().fillna("") != ""
    return money | (members["managing_grants"] > 0) | members["name_changed"].astype("bool")


def is_by_name(rule: pd.Series) -> pd.Series:
    """Say for each rule whether it is none of an address, an earlier link or a decision."""
    return rule.notna() & ~rule.isin(RULES)


def standing_links(
    links: pd.DataFrame, seats: pd.DataFrame, people: pd.DataFrame, policy: Policy
) -> pd.DataFrame:
    """Return the earlier links without those by name that may not stand any longer.

    `links`: one row per stay: stay_id, person_id, rule; `seats`: one row per seat with stay_id and what
    `may_by_name` asks for. Who was given Full control, say, since he was linked by name is asked about again.
    But who has left stays linked whatever he does: nobody gets off the list of leavers by another name.
    """
    if policy.auto_match_by_name == "always":
        return links
    left = set(people["person_id"][people["status"] == "deprovisioned"])
    stands = ~is_by_name(links["rule"]) | links["person_id"].isin(left)
    if policy.auto_match_by_name == "low_privilege":
        unknown = seats["role"].isna()  # a role that Meta left out once says nothing
        low = (seats["kind"] == "user") & (is_low(seats["role"]) | unknown) & ~_is_barred(seats)
        stands |= links["stay_id"].isin(set(seats["stay_id"][low]))
    return links[stands]


def is_in_doubt(seats: pd.DataFrame, candidates: pd.DataFrame) -> pd.Series:
    """Say which links by name to somebody who has left could as well be to another person.

    `seats` has stay_id, rule, person_status and posterior, `candidates` one row per (stay_id, rank). Whom to
    remove is no coin to toss.
    """
    others = candidates[candidates["rank"] > 1].groupby("stay_id")["posterior"].max()
    rival = seats["stay_id"].map(others).fillna(0.0)
    near = (rival >= 0.05) & (rival * 2 >= seats["posterior"])
    return is_by_name(seats["rule"]) & (seats["person_status"] == "deprovisioned") & near
