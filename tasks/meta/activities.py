"""Who gave or took grants on ad accounts: Meta's only record of it (meta-graph-api.md §1.1, §1.6)."""

import gzip
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tasks.meta.client import MetaClient
from tasks.meta.completeness import EdgeRead, ScopeGap
from tasks.meta.extraction import Extraction, skipped
from tasks.meta.json_text import dumps, loads
from tasks.meta.listing import Reading
from tasks.meta.questions import Inquiry, Question, Questions
from tasks.meta.selection import Selection
from tasks.meta.store import RowsFile
from tasks.meta.wire import Edge, Row, Scope, keeping

USER_EVENTS = frozenset({"ad_account_add_user_to_role", "ad_account_remove_user_from_role"})

_FIELDS = ("event_time", "event_type", "actor_id", "actor_name", "object_id", "object_name", "object_type")
_ACTIVITIES = Edge(
    "activities", (*_FIELDS, "extra_data"), (), keeping((*_FIELDS, "extra_data")), needs="ads_read"
)


def _content(row: Row) -> str:
    """Return what tells activities apart: they have no id."""
    return dumps(row).decode()


async def read_activities(
    client: MetaClient, job: Extraction, ad_accounts: Sequence[str], since: datetime
) -> EdgeRead:
    """Read since when which people were added to and taken from these ad accounts (ids like `act_1`).

    One row per event, with its `ad_account`. Optional: it explains changes, and nothing is concluded from it.
    """
    if job.skips(_ACTIVITIES.name):
        return skipped(_ACTIVITIES.name)
    inquiry = Inquiry(
        _ACTIVITIES.name, Selection(_ACTIVITIES), {"since": f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%S+0000}"}
    )
    with RowsFile(job.file(_ACTIVITIES.name)) as file:
        kept = _Kept(file)
        accounts = (Scope("ad_account", account) for account in ad_accounts)
        questions = (
            Question(inquiry, one, _AccountSink(kept, one), lambda: Reading(key_of=_content))
            for one in accounts
        )
        await Questions(client, questions).ask()
        gaps = tuple(kept.gaps)
        if len(gaps) < len(ad_accounts) or not gaps:
            file.keep()
    reason = f"{len(gaps)} of {len(ad_accounts)} ad accounts not read: {gaps[0].reason}" if gaps else None
    return EdgeRead(
        edge=_ACTIVITIES.name,
        pages=inquiry.pages,
        rows=kept.rows,
        total=None,
        complete=not gaps,
        required=False,
        reason=reason,
        gaps=gaps,
    )


class _Kept:
    """What is read of all ad accounts."""

    def __init__(self, file: RowsFile) -> None:
        self.file, self.rows = file, 0
        self.gaps: list[ScopeGap] = []


class _AccountSink:
    """One ad account's activities while they are asked for."""

    __slots__ = ("_account", "_kept", "_rows")

    def __init__(self, kept: _Kept, account: Scope) -> None:
        self._kept, self._account = kept, account
        self._rows: list[Row] = []

    def page(self, rows: list[Row]) -> None:
        self._rows += [row for row in rows if row.get("event_type") in USER_EVENTS]

    def again(self) -> None:
        self._rows = []

    def end(self, reading: Reading) -> None:
        head = {"ad_account": self._account.node_id}
        self._kept.file.write({**head, **_ACTIVITIES.keep(row)} for row in self._rows)
        self._kept.rows += len(self._rows)

    def fail(self, reason: str, reading: Reading) -> None:
        self._kept.gaps.append(ScopeGap(self._account.kind, self._account.node_id, reason))


def log_entries(folder: Path) -> list[dict[str, Any]]:
    """Return what a check read of Meta's log, the newest first: at, ad_account, name, event, by.

    Nothing is concluded from it: whom an entry is about is not documented (meta-graph-api.md §1.6).
    """
    path = folder / "activities.ndjson.gz"
    if not path.exists():
        return []
    with gzip.open(path, "rb") as file:
        rows = [loads(line) for line in file]
    entries = [
        {
            "at": row.get("event_time"),
            "ad_account": row.get("ad_account"),
            "name": row.get("object_name"),
            "event": row.get("event_type"),
            "by": row.get("actor_name"),
        }
        for row in rows
    ]
    return sorted(entries, key=lambda entry: str(entry["at"]), reverse=True)
