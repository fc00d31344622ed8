"""Who was removed since a hub was last read: until its next check the warehouse has their seats."""

from collections.abc import Mapping
from datetime import datetime

import pandas as pd
from duckdb import DuckDBPyConnection

from flows.opening.ledger import ledger_of
from flows.review.words import GONE
from flows.settings import Settings
from matching.review.approvals import APPROVED, INTENDED, RESULT
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
    checked_at = _last_checks(con, label)
    return {seat: f"{at:%Y-%m-%dT%H:%M:%S+00:00}" for seat, at in removed_since(settings, checked_at).items()}


def _last_checks(con: DuckDBPyConnection, label: str | None = None) -> dict[str, datetime]:
    found = queries.hub_list(con).dropna(subset=["last_check_at"]).set_index("hub")["last_check_at"]
    return {str(hub): at.to_pydatetime() for hub, at in found.items() if label in (None, hub)}


def controllers_now(
    settings: Settings, con: DuckDBPyConnection, label: str, assets: pd.DataFrame
) -> pd.DataFrame:
    """Return who controls these assets, over all hubs, less what other hubs took since their last checks.

    Else two hubs could each remove one of the last two in control of a Page, and each count on the other.
    """
    found = queries.controllers(con, assets)
    if (found["hub"] == label).all():
        return found
    taken = _taken(settings, {hub: at for hub, at in _last_checks(con).items() if hub != label})
    rows = zip(found["hub"], found["member_id"], found["asset_id"], strict=True)
    is_gone = [bool({(hub, member, ""), (hub, member, asset)} & taken) for hub, member, asset in rows]
    return found[~pd.Series(is_gone, index=found.index, dtype="bool")]


def _taken(settings: Settings, checked_at: Mapping[str, datetime]) -> set[tuple[str, str, str]]:
    """Return (hub, member id, asset id) of what hubs took, or may have; no asset where it was the seat.

    What was begun and has no result counts as taken: its process is at it, or was killed.
    """
    taken: set[tuple[str, str, str]] = set()
    with ledger_of(settings) as ledger, ledger.reading() as book:
        for label, checked in checked_at.items():
            rows = book.entries(hub=label, kinds={APPROVED, INTENDED, RESULT})
            begun = {row.payload["approval"] for row in rows if row.kind == INTENDED}
            results = {row.payload["approval"]: row for row in rows if row.kind == RESULT}
            begun -= results.keys()
            begun |= {
                seq
                for seq, row in results.items()
                if row.at > checked and row.payload["outcome"] in (*GONE, "unknown")
            }
            for row in rows:
                if row.kind == APPROVED and row.seq in begun:
                    asked = from_payload(row.payload["asked"])
                    if asked.takes_a_seat:
                        taken.add((label, asked.member_id, ""))
                    elif asked.wanted and asked.wanted.kind == "revoke":
                        taken.add((label, asked.member_id, asked.wanted.grants[0][1]))
    return taken
