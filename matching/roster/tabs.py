"""The one tab of each member: the first that holds (design §1)."""

import numpy as np
import pandas as pd

TABS = ("system", "pending", "deprovisioned", "exempted", "unmatched", "guest", "onboarded")


def tab_of(
    kind: pd.Series, person_kind: pd.Series, person_status: pd.Series, exempted: pd.Series
) -> pd.Series:
    """Return each member's tab; all four have one row per member, in the same order.

    `kind` is user, pending or system. `person_kind` and `person_status` are those of the linked person,
    missing where nobody is linked. `exempted` says whether an exemption is in force, given after the
    departure where the person has left.
    """
    linked = person_status.notna()
    conditions = [
        kind == "system",
        kind == "pending",
        linked & (person_status == "deprovisioned") & ~exempted,
        exempted,
        ~linked,
        person_kind != "employee",
    ]
    names = np.select([c.to_numpy(dtype=bool) for c in conditions], TABS[:-1], default=TABS[-1])
    return pd.Series(names, index=kind.index, dtype="str")


def count_tabs(tabs: pd.Series) -> dict[str, int]:
    """Return the number of members in every tab, empty tabs included."""
    counts = tabs.value_counts()
    return {tab: int(counts.get(tab, 0)) for tab in TABS}
