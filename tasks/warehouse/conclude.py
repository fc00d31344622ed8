"""What a check concluded into the warehouse: stays, links and candidates, and that the check is done."""

from __future__ import annotations

import json
from contextlib import ExitStack
from datetime import datetime
from typing import TYPE_CHECKING

from tasks.boundaries import reached
from tasks.errors import WarehouseError
from tasks.warehouse.frames import shown_as
from tasks.warehouse.intervals import CANDIDATES, LINKS, STAYS, drop_temporary, merge
from tasks.warehouse.load import transaction
from tasks.warehouse.statements import run
from tasks.warehouse.weighed import keep_weighed

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from matching.people.asked_before import Weighed


def conclude_check(
    con: duckdb.DuckDBPyConnection,
    *,
    hub: str,
    check_id: str,
    started_at: datetime,
    finished_at: datetime,
    complete: bool,
    baseline: bool,
    report_id: str | None,
    digest: str | None,
    stays: pd.DataFrame,
    links: pd.DataFrame,
    candidates: pd.DataFrame,
    weighed: Weighed | None = None,
) -> int:
    """Keep what a loaded check concluded and mark it finished, or nothing; return the rows ended and begun.

    The frames are the whole truth about the hub now. `stays`: one row per present seat (stay_id, kind,
    member_id). `links`: one per stay (stay_id, outcome, person_id, rule, posterior, score, reason, tab).
    `candidates`: one per (stay_id, rank) with person_id, posterior, score, evidence (JSON text, or what
    JSON can write). `weighed` is kept for the next check. A check that a later one
    overtook is marked finished and changes nothing else.
    """
    try:
        with transaction(con), ExitStack() as shown:
            known = run(con, "check_times", check_id=check_id, hub=hub).fetchone()
            if known is None:
                raise WarehouseError(f"check {check_id} of {hub} was not loaded: run the check again")
            at, is_overtaken = known
            run(con, "record/finish", check_id=check_id, finished_at=finished_at, complete=complete,
                baseline=baseline, report_id=report_id, digest=digest)  # fmt: skip
            if is_overtaken:
                return 0
            shown.enter_context(shown_as(con, "raw_stays", stays, text=["stay_id", "kind", "member_id"]))
            text = ["stay_id", "outcome", "person_id", "rule", "reason", "tab"]
            shown.enter_context(shown_as(con, "raw_links", links, text=text, numbers=["posterior", "score"]))
            shown.enter_context(
                shown_as(
                    con,
                    "raw_candidates",
                    _as_json(candidates),
                    text=["stay_id", "person_id", "evidence"],
                    numbers=["rank", "posterior", "score"],
                )
            )
            written = sum(merge(con, table, at, {"hub": hub}) for table in (STAYS, LINKS, CANDIDATES))
            if weighed is not None:
                keep_weighed(con, hub, weighed)
            reached("warehouse.concluding")
        reached("warehouse.concluded")
        return written
    finally:
        drop_temporary(con)


def _as_json(candidates: pd.DataFrame) -> pd.DataFrame:
    if "evidence" not in candidates:
        return candidates
    texts = [
        cell if isinstance(cell, str) else json.dumps(cell, ensure_ascii=False)
        for cell in candidates["evidence"]
    ]
    return candidates.assign(evidence=texts)
