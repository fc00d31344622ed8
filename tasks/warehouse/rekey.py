"""The warehouse by the new ids of a source: its people, and the links to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from tasks.warehouse.frames import shown_as
from tasks.warehouse.load import transaction
from tasks.warehouse.statements import run

if TYPE_CHECKING:
    import duckdb

STEPS = ("rekey/people", "rekey/managers", "rekey/links", "rekey/candidates")


def rename_people(con: duckdb.DuckDBPyConnection, source: str, ids: Mapping[str, str]) -> None:
    """Give the people of a source their new ids (old → new), in all of their history; all or nothing.

    Done twice it changes nothing more, as long as no old id is anybody's new one.
    """
    rows = pd.DataFrame({"old_id": list(ids), "new_id": list(ids.values())}, dtype="object")
    with shown_as(con, "rekeyed", rows, text=["old_id", "new_id"], lists=[]), transaction(con):
        for step in STEPS:
            run(con, step, source=source)
