"""Who may be linked by name alone. Members choose their names at Meta: not where it matters (design §8)."""

import pandas as pd

from matching.people.exact import RULES
from matching.people.link import Policy
from matching.roster.safeguards import FULL_CONTROL


def may_by_name(members: pd.DataFrame) -> pd.Series:
    """Say for each member whether a name is enough.

    It is not for Full control, a finance permission, control of any asset, or a name that was another one
    before. An invitation has no name: what stands before the "@" is not enough.
    """
    role = members["role"].astype("str").str.strip().str.upper().fillna("")
    money = members["finance_permission"].astype("str").str.strip().fillna("") != ""
    powerful = role.isin([FULL_CONTROL, ""]) | money | (members["control_grants"] > 0)
    return (members["kind"] == "user") & ~powerful & ~members["name_changed"].astype("bool")


def is_by_name(rule: pd.Series) -> pd.Series:
    """Say for each rule whether it is none of an address, an earlier link or a decision."""
    return rule.notna() & ~rule.isin(RULES)


def standing_links(links: pd.DataFrame, seats: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Return the earlier links without those by name that may not stand any longer.

    `links`: one row per stay: stay_id, person_id, rule; `seats`: one row per seat with stay_id and what
    `may_by_name` asks for. Who was given Full control, say, since he was linked by name is asked about again.
    """
    by_name = is_by_name(links["rule"])
    if policy.auto_match_by_name == "always":
        return links
    if policy.auto_match_by_name == "never":
        return links[~by_name]
    may = set(seats["stay_id"][may_by_name(seats)])
    return links[~by_name | links["stay_id"].isin(may)]
