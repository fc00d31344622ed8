"""Apply: carry out what Owners of a hub approved, each change at most once, and write what came of it.

Anybody may start it, at any time, twice: a lease keeps others out, and the ledger says what is left to do.
"""

import asyncio
import logging
import os
import socket
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from secrets import token_hex
from zoneinfo import ZoneInfo

from flows.apply_due import fates, still_waiting
from flows.apply_rows import (
    BY_APPLY,
    NOT_SENT,
    Settled,
    change_of,
    intention,
    is_add,
    new_id,
    result,
    takes_seat,
)
from flows.check_job import CheckJob, alone, begin
from flows.fresh_facts import Fresh, read_again, still_asked
from flows.ledger_access import ledger_of
from flows.promises import keep_promises
from flows.reviewing import PROGRAM
from flows.settings import Settings
from matching.review.approvals import INTENDED, RESULT, Approval, unsettled
from matching.review.budget import is_overridden, over_budget, revokes_over_budget, spent
from matching.review.requests import promises
from matching.review.standing import reviews_of
from matching.review.still_right import Together, is_demotion
from matching.roster.safeguards import FULL_CONTROL
from tasks.boundaries import reached
from tasks.ledger.book import Book, Ledger
from tasks.ledger.leases import give_back, renew, take
from tasks.meta.change import Called, Change, Proof
from tasks.meta.changes import make
from tasks.meta.client import MetaClient
from tasks.meta.proof import outcome, prove_many

progress = logging.getLogger("hubroster.progress")

LEASE_S = 300.0


async def apply_approved(settings: Settings, label: str) -> list[Settled]:
    """Settle every approved change of a hub that is due, and return what became of each."""
    holder = f"{socket.gethostname()}:{os.getpid()}:{token_hex(4)}"
    with ledger_of(settings) as ledger:
        with ledger.writing() as book:
            rows = book.entries(hub=label)
            if not unsettled(rows, label) and not promises(rows, label):
                return []
            if not take(book, f"apply:{label}", holder, LEASE_S):
                progress.info("Another process is carrying out the changes of %s", label)
                return []
        held = asyncio.create_task(_hold(ledger, f"apply:{label}", holder))
        try:
            return await _Applying(settings, label, ledger, holder).all()
        finally:
            held.cancel()
            with ledger.writing() as book:
                give_back(book, f"apply:{label}", holder)


async def _hold(ledger: Ledger, lease: str, holder: str) -> None:
    """Renew the lease while Meta is read and waited for; a call is made only under it."""
    while True:
        await asyncio.sleep(LEASE_S / 5)
        with ledger.writing() as book:
            if not renew(book, lease, holder, LEASE_S):
                return


class _Applying:
    """One run over a hub's approvals."""

    def __init__(self, settings: Settings, label: str, ledger: Ledger, holder: str) -> None:
        self.settings, self.label, self.ledger, self.holder = settings, label, ledger, holder
        self.job: CheckJob = begin(settings, label)
        self.hub = self.job.hub
        self.settled: list[Settled] = []

    async def all(self) -> list[Settled]:
        keep_promises(self.settings, self.label, self.ledger)
        with self.ledger.writing() as book:
            waiting = unsettled(book.entries(hub=self.label), self.label)
            begun = [one for one in waiting if one.intended_at]
            due = self._due(book, [one for one in waiting if not one.intended_at])
        if begun:
            await self._settle_begun(begun)
        if due and self.hub.write_token is None:
            self._write_all(due, "manual", "this hub has no write_token: do it in Meta's settings")
        else:
            adds = [one for one in due if is_add(one.asked)]
            takes = [one for one in due if not is_add(one.asked)]
            for batch in (adds, takes):  # what is given first may be what makes taking safe
                if batch:
                    await self._carry_out(batch)
        return self.settled

    def _due(self, book: Book, waiting: Sequence[Approval]) -> list[Approval]:
        """Return what may be done at this moment; write what was withdrawn, or came too late."""
        found = fates(self.settings, book, self.label, waiting)
        for one in waiting:
            state, reason = found[one.seq]
            if state in ("withdrawn", "lapsed"):
                self._write(book, one, state, reason)
        return [one for one in waiting if found[one.seq][0] == "due"]

    async def _settle_begun(self, begun: Sequence[Approval]) -> None:
        """Find out by reading what became of calls that a killed run may have made; none is made again."""
        changes = self._changes(begun, None)
        async with self._client() as reader:
            proofs = await prove_many(reader, self.hub.business_id, changes)
        with self.ledger.writing() as book:
            for place, approval in enumerate(begun):
                state, reason = outcome(Called("lost", ""), proofs[place], was_there=True)
                made = new_id(approval.asked, None, proofs[place])
                self._write(book, approval, state, NOT_SENT if state == "unknown" else reason, made)

    async def _carry_out(self, due: Sequence[Approval]) -> None:
        with self.ledger.reading() as book:
            read_from = book.head().seq
        async with alone(self.settings, self.label):
            fresh = await read_again(self.job, self._client(), due)
        with self.ledger.writing() as book:
            if not take(book, f"apply:{self.label}", self.holder, LEASE_S):  # the reading took its time
                progress.info("Another process is carrying out the changes of %s", self.label)
                return
            # the reading took minutes, perhaps: what Owners said meanwhile counts
            due = self._due(book, still_waiting(book, self.label, due, read_from))
            go = self._still_right(book, due, fresh)
            if reason := self._over_budget(book, go, fresh):
                for approval in go:
                    self._write(book, approval, "blocked", reason)
                return
            for approval in go:
                book.append(
                    INTENDED,
                    hub=self.label,
                    actor=PROGRAM,
                    identified_by=BY_APPLY,
                    payload=intention(approval, fresh.had(approval)),
                )
        reached("apply.intended")
        if go:
            await self._call_all(go, self._changes(go, fresh))

    def _still_right(self, book: Book, due: Sequence[Approval], fresh: Fresh) -> list[Approval]:
        """Return what may be done; write what may not. Where the reading can't say it waits, or lapses."""
        go, together = [], Together([one.asked for one in due], fresh.facts)
        for approval in due:
            asked = approval.asked
            if asked.wanted is None:
                state, reason = still_asked(fresh.report, approval)
            else:
                ids = {facts.get("id", "") for facts in book.named(asked.persons).values()}
                address = book.named([asked.wanted.address])[asked.wanted.address].get("id", "")
                state, reason = together.still_right(asked, address, ids)
            if state == "go":
                go.append(approval)
            elif state:
                self._write(book, approval, state, reason)
        return go

    def _over_budget(self, book: Book, go: Sequence[Approval], fresh: Fresh) -> str:
        rows = book.entries(hub=self.label)
        digests = {one.id: one.digest for one in reviews_of(rows, self.label)}
        today = book.now.astimezone(ZoneInfo(self.settings.workspace.timezone)).date()
        if is_overridden(rows, self.label, {digests[one.review] for one in go}, today):
            return ""
        seats = [one for one in go if takes_seat(one.asked)]
        admins = sum(one.asked.role == FULL_CONTROL for one in seats) + sum(
            is_demotion(one.asked) for one in go
        )
        revokes = Counter(
            one.asked.wanted.grants[0][0] for one in go if one.asked.wanted and one.asked.kind == "revoke"
        )
        return over_budget(
            len(seats), admins, spent(rows, self.label, book.now), **fresh.members
        ) or revokes_over_budget(rows, self.label, book.now, revokes, fresh.holders)

    def _changes(self, approvals: Sequence[Approval], fresh: Fresh | None) -> list[Change]:
        """Return the calls; whom an invitation invites stands beside the ledger's chain."""
        refs = [one.asked.wanted.address for one in approvals if one.asked.wanted]
        with self.ledger.reading() as book:
            named = book.named(refs)
        found = []
        for one in approvals:
            address = named[one.asked.wanted.address].get("id", "") if one.asked.wanted else ""
            found.append(change_of(one.asked, address or (fresh.address_of(one) if fresh else "")))
        return found

    async def _call_all(self, go: Sequence[Approval], changes: Sequence[Change]) -> None:
        in_turn: dict[tuple[str, str], asyncio.Lock] = defaultdict(asyncio.Lock)
        called: dict[int, Called] = {}
        async with AsyncExitStack() as stack:
            writer = await stack.enter_async_context(self._client(write=True))
            reader = await stack.enter_async_context(self._client())
            slots = asyncio.Semaphore(self.settings.meta.concurrency)

            async def call(place: int) -> None:
                one = changes[place]  # two grants for one member on one asset read each other's tasks
                async with in_turn[one.member_id or str(place), one.asset_id or str(place)], slots:
                    if self._still_ours():
                        called[place] = await make(writer, self.hub.business_id, changes[place])

            await asyncio.gather(*(call(place) for place in range(len(changes))))
            reached("apply.called")
            proofs = await prove_many(reader, self.hub.business_id, changes)
            reached("apply.proved")
        self._conclude(go, called, proofs)

    def _conclude(
        self, go: Sequence[Approval], called: Mapping[int, Called], proofs: Mapping[int, Proof]
    ) -> None:
        with self.ledger.writing() as book:
            for place, approval in enumerate(go):
                said = called.get(place, Called("lost", ""))
                state, reason = outcome(said, proofs[place], was_there=True)
                if place not in called and state == "unknown":
                    reason = NOT_SENT
                made = new_id(approval.asked, called.get(place), proofs[place])
                self._write(book, approval, state, reason, made)

    def _still_ours(self) -> bool:
        with self.ledger.writing() as book:
            return renew(book, f"apply:{self.label}", self.holder, LEASE_S)

    def _client(self, *, write: bool = False) -> MetaClient:
        return MetaClient(self.job.access(write=write), say=progress.info, now=self.settings.now)

    def _write_all(self, approvals: Sequence[Approval], state: str, reason: str) -> None:
        with self.ledger.writing() as book:
            for approval in approvals:
                self._write(book, approval, state, reason)

    def _write(self, book: Book, approval: Approval, state: str, reason: str, meta_id: str = "") -> None:
        asked = approval.asked
        book.append(
            RESULT,
            hub=self.label,
            actor=PROGRAM,
            identified_by=BY_APPLY,
            payload=result(approval, state, reason, meta_id),
        )
        self.settled.append(Settled(asked.id, asked.member_id, state, reason, asked.kind))
        progress.info("%s %s: %s", asked.member_kind, asked.member_id, state)
