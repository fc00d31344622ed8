"""From the ledger to what a check goes by: links, rejections, exemptions, what was kept (design §8)."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

import pandas as pd

from matching.review.requests import REQUESTED
from matching.review.rows import Row
from matching.roster.decided import PAIRS, Decided, Exemption

MATCHED, UNLINKED, EXEMPTED, EXEMPTION_ENDED, KEPT = (
    "matched",
    "unlinked",
    "exempted",
    "exemption_ended",
    "kept",
)
TAKEN_BACK = "taken_back"  # payload: `ends`, the rows that count no more


def standing_decisions(rows: Iterable[Row]) -> dict[str, list[tuple[int, str]]]:
    """Return change id → (row, kind) of the decisions that its answers came to and that still hold."""
    found: dict[str, list[tuple[int, str]]] = {}
    over: set[int] = set()
    for row in rows:
        if row.kind in (KEPT, EXEMPTED, MATCHED) and row.payload.get("change"):
            found.setdefault(row.payload["change"], []).append((row.seq, row.kind))
        elif row.kind == TAKEN_BACK:
            over.update(row.payload["ends"])
    return {change: [one for one in all_ if one[0] not in over] for change, all_ in found.items()}


def whose_it_is_was_decided(rows: Iterable[Row]) -> set[str]:
    """Return the ids of what was asked for before somebody said whose that seat is; `rows` of one hub."""
    asked: dict[str, set[str]] = {}
    found: set[str] = set()
    for row in rows:
        if row.kind == REQUESTED:
            asked.setdefault(row.payload["asked"]["stay"], set()).add(row.payload["asked"]["id"])
        elif row.kind in (MATCHED, UNLINKED):
            found |= asked.get(row.payload["stay"], set())
    return found


def decided(rows: Sequence[Row], hub: str, person_id: Callable[[str], str | None]) -> Decided:
    """Return the decisions about a hub, later ones over earlier ones.

    `person_id` gives the directory's id of a reference, None where it was erased: then the decision is void.
    A link ends with the next decision about its stay; a rejection with a link of the same pair. What was
    taken back is as if it had never been said.
    """
    over = {seq for row in rows if row.hub == hub and row.kind == TAKEN_BACK for seq in row.payload["ends"]}
    links: dict[str, str] = {}
    linked_at: dict[tuple[str, str], datetime] = {}
    rejected: dict[tuple[str, str], str | None] = {}
    exemptions: dict[tuple[str, str], Exemption] = {}
    kept: dict[str, tuple[str, datetime]] = {}
    for row in rows:
        if row.hub != hub or row.seq in over:
            continue
        said = row.payload
        if row.kind in (MATCHED, UNLINKED):
            person = person_id(said["person"])
            if person is None:
                continue
            if row.kind == MATCHED:
                links[said["stay"]] = person
                linked_at[said["stay"], person] = row.at
                rejected.pop((said["stay"], person), None)
            else:
                links.pop(said["stay"], None)
                rejected[said["stay"], person] = said.get("evidence")
        elif row.kind == EXEMPTED:
            seat = (said["member_kind"], said["member_id"])
            exemptions[seat] = Exemption(
                kind=seat[0],
                member_id=seat[1],
                given_at=row.at,
                until=datetime.fromisoformat(said["until"]),
                role=said["role"],
                rights=frozenset((kind, asset, task) for kind, asset, task in said["rights"]),
                after_leaving=bool(said["after_leaving"]),
                money=said.get("money"),
            )
        elif row.kind == EXEMPTION_ENDED:
            exemptions.pop((said["member_kind"], said["member_id"]), None)
        elif row.kind == KEPT:
            kept[said["subject"]] = (said["evidence"], row.at)
    pairs: list[tuple[str, str, str, str | None]] = [
        ("link", stay, person, None) for stay, person in links.items()
    ]
    pairs += [("reject", stay, person, evidence) for (stay, person), evidence in rejected.items()]
    links_at = {pair: linked_at[pair] for pair in links.items()}
    frame = pd.DataFrame(pairs, columns=PAIRS, dtype="object")
    return Decided(frame, tuple(exemptions.values()), kept, links_at)
