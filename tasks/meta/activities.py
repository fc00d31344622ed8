"""Who gave or took grants on ad accounts: Meta's only record of it (meta-graph-api.md §1.1, §1.6)."""

from collections.abc import Sequence
from datetime import UTC, datetime

from tasks.meta.client import MetaClient
from tasks.meta.completeness import EdgeRead, ScopeGap
from tasks.meta.extraction import Extraction, failed, skipped
from tasks.meta.json_text import dumps
from tasks.meta.listing import Reading
from tasks.meta.questions import Questions
from tasks.meta.selection import Selection
from tasks.meta.store import RowsFile
from tasks.meta.wire import Edge, Row, Scope, keeping

USER_EVENTS = frozenset({"ad_account_add_user_to_role", "ad_account_remove_user_from_role"})

_FIELDS = ("event_time", "event_type", "actor_id", "actor_name", "object_id", "object_name", "object_type")
_ACTIVITIES = Edge("activities", (*_FIELDS, "extra_data"), (), keeping((*_FIELDS, "extra_data")))


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
    gaps: list[ScopeGap] = []
    counts = {"rows": 0}

    with RowsFile(job.file(_ACTIVITIES.name)) as file:

        def whole(account: Scope, rows: list[Row], _: int | None) -> None:
            kept = [row for row in rows if row.get("event_type") in USER_EVENTS]
            file.write({"ad_account": account.node_id, **_ACTIVITIES.keep(row)} for row in kept)
            counts["rows"] += len(kept)

        def gap(account: Scope, reason: str, _: list[Row]) -> None:
            gaps.append(ScopeGap(account.kind, account.node_id, reason))

        questions = Questions(
            client,
            Selection(_ACTIVITIES),
            _ACTIVITIES.name,
            (Scope("ad_account", account) for account in ad_accounts),
            whole=whole,
            gap=gap,
            reading=lambda: Reading(key_of=_content),
            filters={"since": f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%S+0000}"},
        )
        await questions.ask()
        if len(gaps) < len(ad_accounts) or not ad_accounts:
            file.keep()
    if gaps and len(gaps) == len(ad_accounts):
        return failed(_ACTIVITIES.name, gaps[0].reason)
    reason = f"{len(gaps)} of {len(ad_accounts)} ad accounts not read: {gaps[0].reason}" if gaps else None
    return EdgeRead(
        edge=_ACTIVITIES.name,
        pages=questions.pages,
        rows=counts["rows"],
        total=None,
        complete=not gaps,
        required=False,
        reason=reason,
        gaps=tuple(gaps),
    )
