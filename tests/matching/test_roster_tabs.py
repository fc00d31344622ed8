"""One member, one tab: the first that holds."""

import pandas as pd
import pytest

from matching.roster.tabs import TABS, count_tabs, tab_of


@pytest.mark.parametrize(
    ("kind", "person_kind", "status", "exempted", "tab"),
    [
        ("system", None, None, False, "system"),
        ("pending", "employee", "deprovisioned", False, "pending"),
        ("user", "employee", "deprovisioned", False, "deprovisioned"),
        ("user", "guest", "deprovisioned", False, "deprovisioned"),
        ("user", "employee", "deprovisioned", True, "exempted"),
        ("user", None, None, True, "exempted"),
        ("user", None, None, False, "unmatched"),
        ("user", "guest", "active", False, "guest"),
        ("user", "local_partner", "active", False, "guest"),
        ("user", "employee", "active", False, "onboarded"),
        ("user", "employee", "suspended", False, "onboarded"),
        ("user", "employee", "missing", False, "onboarded"),
    ],
)
def test_the_first_tab_that_holds(kind: str, person_kind: str, status: str, exempted: bool, tab: str) -> None:
    found = tab_of(
        pd.Series([kind]),
        pd.Series([person_kind], dtype="object"),
        pd.Series([status], dtype="object"),
        pd.Series([exempted]),
    )

    assert found.tolist() == [tab]


def test_empty_tabs_are_counted_as_zero() -> None:
    assert count_tabs(pd.Series(["guest", "guest"])) == {tab: 2 if tab == "guest" else 0 for tab in TABS}
