"""A source gave its people other ids: what is known of them goes over to the new ones, by an Owner's word."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass

from flows.checking.job import alone
from flows.directory.state import source_of
from flows.directory_source import DirectorySource
from flows.opening.directory import read_now
from flows.opening.warehouse import reading_warehouse
from flows.owners.acting import BY_LOGIN, acting_in_workspace, reason_of
from flows.owners.seat_of import ActionRefused
from flows.settings import Settings
from matching.people.rekey import Rekeying, rekeying
from matching.review.directory import REKEYED
from matching.roster.canonical import sha256_of
from tasks.directory.read import DirectoryRead
from tasks.ledger.book import Book
from tasks.warehouse import directory_queries, queries
from tasks.warehouse.connect import warehouse
from tasks.warehouse.rekey import rename_people


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """What became, or would become, of the ids of a source.

    `seated`: those of the unmapped ids whose people hold seats, in any hub. `seq` is the row of the ledger, 0
    when it was only looked at.
    """

    source: str
    digest: str
    mapped: int
    unmapped: int
    seated: tuple[str, ...]
    seq: int


@dataclass(frozen=True, slots=True)
class _Plan:
    read: DirectoryRead
    found: Rekeying
    ids: Mapping[str, str]
    seated: tuple[str, ...]

    def told(self, seq: int) -> Rekeyed:
        found = self.found
        return Rekeyed(
            self.read.source, self.read.digest, len(found.ids), len(found.unmapped), self.seated, seq
        )


def look(settings: Settings, named: str) -> Rekeyed:
    """Return what `rekey` would do; nothing is written. Raises ActionRefused."""
    return _plan(settings, source_of(settings, named)).told(0)


def rekey(settings: Settings, named: str, reason: str) -> Rekeyed:
    """Give the people of a source the ids of its file: links, decisions, Owners and history go with them.

    The file itself is not accepted by that: the next check judges it. Meanwhile no check of any hub runs. Who
    doesn't map keeps the old id. Raises ActionRefused where nobody maps.
    """
    why = reason_of(reason)
    source = source_of(settings, named)
    return asyncio.run(_alone(settings, source, why))


async def _alone(settings: Settings, source: DirectorySource, why: str) -> Rekeyed:
    async with AsyncExitStack() as locks:
        for hub in settings.hubs:
            await locks.enter_async_context(alone(settings, hub.label))
        return _rekey(settings, source, why)


def _rekey(settings: Settings, source: DirectorySource, why: str) -> Rekeyed:
    plan = _plan(settings, source)
    name = sha256_of(sorted(plan.ids.items()))[:16]
    with acting_in_workspace(settings) as (book, actor):
        seq = _begun(settings, book, source.source, name)
        if not seq:
            book.rename("person", plan.ids)
            row = book.append(
                REKEYED,
                hub="",
                actor=actor.ref,
                identified_by=BY_LOGIN,
                payload={
                    "source": source.source,
                    "digest": plan.read.digest,
                    "map": name,
                    "mapped": len(plan.found.ids),
                    "unmapped": len(plan.found.unmapped),
                    "by": [actor.ref],
                    "reason": book.text(why),
                },
            )
            seq = row.seq
    # After the ledger: what is cut off here is gone on with by the same command (see _begun)
    with warehouse(
        settings.warehouse_path,
        lock_wait_s=settings.warehouse.lock_wait_s,
        memory_limit=settings.warehouse.memory_limit,
    ) as con:
        rename_people(con, source.source, plan.ids)
    return plan.told(seq)


def _begun(settings: Settings, book: Book, source: str, name: str) -> int:
    """Return the ledger's row of the same rekeying that was cut off before the warehouse knew of it, or 0.

    The warehouse has the old ids still, and nothing was read since: then it is the same, not another one.
    """
    rows = [row for row in book.entries(hub="", kinds={REKEYED}) if row.payload["source"] == source]
    if not rows or rows[-1].payload["map"] != name:
        return 0
    with reading_warehouse(settings) as con:
        last = queries.last_accepted(con, source)
    return rows[-1].seq if last is None or last.read_at <= rows[-1].at else 0


def _plan(settings: Settings, source: DirectorySource) -> _Plan:
    read = read_now(settings, source)
    if not len(read.people):
        raise ActionRefused(f"{source.source} can't be read: it {read.reason}; nothing was done")
    with reading_warehouse(settings) as con:
        people = queries.people(con)
        old = people[people["source"] == source.source]
        found = rekeying(old, read.people)
        seats = directory_queries.seats_of(con, found.unmapped)
    if not found.ids:
        raise ActionRefused(
            f"nobody of {source.source} has another id in its file, as far as address and name are the same; "
            "nothing was done"
        )
    day = f"{settings.now():%Y-%m-%d}"
    aside = {person: f"{person}~before-{day}" for person in found.reused}
    seated = tuple(sorted(set(seats["person_id"])))
    return _Plan(read, found, {**found.ids, **aside}, seated)
