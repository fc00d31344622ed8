"""Frames that SQL reads as tables."""

import duckdb
import pandas as pd
import pytest

from tasks.warehouse.frames import shown_as
from tasks.warehouse.load import transaction


def test_what_went_wrong_is_told_and_not_what_followed_from_it() -> None:
    """A transaction in which a statement failed refuses all others: that it does is no news."""
    people = pd.DataFrame({"name": ["Ada"]})
    with (
        duckdb.connect() as con,
        pytest.raises(duckdb.BinderException, match="no_such_column"),
        transaction(con),
        shown_as(con, "people", people, text=["name"]),
    ):
        con.execute("select no_such_column from people")
