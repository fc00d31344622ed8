"""Who was removed since a hub was last read: until its next check the warehouse has their seats."""

from collections.abc import Mapping
from datetime import datetime

import pandas as pd
from duckdb import DuckDBPyConnection

from flows.opening.ledger import ledger_of
from flows.review.words import GONE
from flows.settings import Settings
from matching.review.approvals import APPROVED, RESULT
from matching.review.asked import from_payload
from tasks.warehouse import queries


def removed_since(settings: Settings, checked_at: Mapping[str, datetime]) -> dict[tuple[str, str], datetime]:
    """Return (hub, member id) → when, of the seats whose removal was proved after a check began.

    `checked_at`: hub → when that was, with its time zone.
    """
    removed: dict[tuple[str, str], datetime] = {}
    with ledger_of(settings) as ledger, ledger.reading() as book:
        for label, began in checked_at.items():
            rows = book.entries(hub=label, kinds={APPROVED, RESULT})
            asked = {row.seq: from_payload(row.payload["asked"]) for row in rows if row.kind == APPROVED}
            removed |= {
                (label, row.payload["member_id"]): row.at
                for row in rows
                if row.kind == RESULT
                and row.at > began
                and row.payload["outcome"] in GONE
                and asked[row.payload["approval"]].takes_a_seat
            }
    return removed


def removed_since_last_checks(
    settings: Settings, con: DuckDBPyConnection, label: str | None = None
) -> dict[tuple[str, str], str]:
    """Return the same since the last check of each hub, or of one, as ISO 8601 in UTC."""
    found = queries.hub_list(con).dropna(subset=["last_check_at"]).set_index("hub")["last_check_at"]
    checked_at = {str(hub): at.to_pydatetime() for hub, at in found.items() if label in (None, hub)}
    return {seat: f"{at:%Y-%m-%dT%H:%M:%S+00:00}" for seat, at in removed_since(settings, checked_at).items()}


def controllers_now(
    settings: Settings, con: DuckDBPyConnection, label: str, assets: pd.DataFrame
) -> pd.DataFrame:
    """Return who controls these assets, over all hubs, less whom other hubs removed since their last checks.

    Else two hubs could each remove one of the last two in control of a Page, and each count on the other.
    """
    found = queries.controllers(con, assets)
    if (found["hub"] == label).all():
        return found
    removed = removed_since_last_checks(settings, con)
    seats = zip(found["hub"], found["member_id"], strict=True)
    is_gone = [hub != label and (hub, member) in removed for hub, member in seats]
    return found[~pd.Series(is_gone, index=found.index, dtype="bool")]
