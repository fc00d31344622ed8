"""The calls to Meta for what was approved: each once at most, under the lease, and unless it was stopped."""

import asyncio
import logging
import os
import socket
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from secrets import token_hex

from flows.applying.due import stopped
from flows.applying.results import Found
from flows.applying.rows import NOT_SENT, new_id
from flows.checking.job import CheckJob
from flows.review.result_row import WITHDRAWN
from matching.review.approvals import Approval
from tasks.boundaries import reached
from tasks.ledger.book import Book, Ledger
from tasks.ledger.leases import give_back, lasts, renew, take
from tasks.meta.change import Called, Change, Proof
from tasks.meta.changes import make
from tasks.meta.client import MetaClient
from tasks.meta.proof import outcome, prove_many

progress = logging.getLogger("hubroster.progress")

LEASE_S = 300.0
GO, LOST, STOPPED = "go", "lost", "stopped"


class NotCalled(Exception):
    """A change that was not sent, or not again: the lease was lost, or an Owner said stop."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Lease:
    """The right to change one hub. It ends by itself when its holder dies."""

    def __init__(self, ledger: Ledger, label: str) -> None:
        self._ledger, self._name = ledger, f"apply:{label}"
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{token_hex(4)}"

    def take(self, book: Book) -> bool:
        """Take it, or take it again; say whether it is ours now."""
        return take(book, self._name, self._holder, LEASE_S)

    def renew(self, book: Book) -> bool:
        """Hold it for longer; False when it was lost."""
        return renew(book, self._name, self._holder, LEASE_S)

    def lasts(self, book: Book) -> bool:
        """Say whether it is ours for long enough to make a call. Only reads."""
        return lasts(book, self._name, self._holder, LEASE_S / 2)

    async def hold(self) -> None:
        """Renew it while Meta is read and waited for; a call is made only under it."""
        while True:
            await asyncio.sleep(LEASE_S / 5)
            with self._ledger.writing() as book:
                if not self.renew(book):
                    return

    def end(self) -> None:
        """Give it back."""
        with self._ledger.writing() as book:
            give_back(book, self._name, self._holder)


@dataclass(frozen=True, slots=True)
class Calls:
    """A batch whose intentions stand in the ledger. `intended`: the last of their rows."""

    job: CheckJob
    ledger: Ledger
    lease: Lease
    intended: int

    async def make(self, go: Sequence[Approval], changes: Sequence[Change]) -> list[Found]:
        """Make the calls, prove them by reading, and return what came of each."""
        in_turn: dict[tuple[str, str], asyncio.Lock] = defaultdict(asyncio.Lock)
        called: dict[int, Called] = {}
        not_called: dict[int, str] = {}
        async with AsyncExitStack() as stack:
            writer = await stack.enter_async_context(self._client(write=True))
            reader = await stack.enter_async_context(self._client())
            slots = asyncio.Semaphore(self.job.settings.meta.concurrency)

            async def call(place: int) -> None:
                one = changes[place]  # two grants for one member on one asset read each other's tasks
                async with in_turn[one.member_id or str(place), one.asset_id or str(place)], slots:
                    require = partial(self._require, go[place])
                    try:
                        called[place] = await make(writer, self.job.hub.business_id, one, before=require)
                        reached("apply.called_one")
                    except NotCalled as error:
                        not_called[place] = error.why

            await asyncio.gather(*(call(place) for place in range(len(changes))))
            reached("apply.called")
            proofs = await prove_many(reader, self.job.hub.business_id, changes)
            reached("apply.proved")
        return [_found(go[n], called.get(n), not_called.get(n), proofs[n]) for n in range(len(go))]

    def _require(self, approval: Approval) -> None:
        if (may := self._may_call(approval)) != GO:
            raise NotCalled(may)

    def _may_call(self, approval: Approval) -> str:
        """Look for the last time: whose lease it is, and whether an Owner said stop since the intention.

        Meta may have made us wait for many minutes since the last look: it is asked before each sending.

        It reads, so that calls wait for no disk: `Lease.hold` renews. Where that was kept from it (a machine
        that slept) the lease is renewed here, if it is still ours.
        """
        with self.ledger.reading(clock_must_agree=True) as book:
            if self.lease.lasts(book):
                return self._said(book, approval)
        with self.ledger.writing() as book:
            return self._said(book, approval) if self.lease.renew(book) else LOST

    def _said(self, book: Book, approval: Approval) -> str:
        if book.head().seq == self.intended:  # nobody has said anything since
            return GO
        return STOPPED if stopped(book, self.job.hub.label, approval, self.intended) else GO

    def _client(self, *, write: bool = False) -> MetaClient:
        return client_of(self.job, write=write)


def client_of(job: CheckJob, *, write: bool = False) -> MetaClient:
    """Return a session with Meta: one that only reads, or the one that may change something."""
    return MetaClient(job.access(write=write), say=progress.info, now=job.settings.now)


def settled_by_reading(approvals: Sequence[Approval], proofs: Mapping[int, Proof]) -> list[Found]:
    """Return what became of calls that a killed process may have made."""
    return [_found(one, None, LOST, proofs[place]) for place, one in enumerate(approvals)]


def _found(approval: Approval, called: Called | None, not_called: str | None, proof: Proof) -> Found:
    if not_called == STOPPED:
        return approval, "withdrawn", WITHDRAWN, ""
    state, reason = outcome(called or Called("lost", ""), proof, was_there=True)
    if called is None and state == "unknown":
        reason = NOT_SENT
    return approval, state, reason, new_id(approval.asked, called, proof)
