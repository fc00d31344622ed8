"""Apply: carry out what Owners of a hub approved, each change at most once, and write what came of it.

Anybody may start it, at any time, twice: a lease keeps others out, and the ledger says what is left to do.
"""

import asyncio
import logging
import os
import socket
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_hex
from typing import Any

import pandas as pd

from flows.check_job import CheckJob, alone, begin
from flows.check_reading import read_hub
from flows.check_report import draw_report
from flows.check_standing import match_members
from flows.check_steps import conclude, load_facts, read_directory
from flows.ledger_access import ledger_of
from flows.reviewing import PROGRAM, decisions_of
from flows.settings import Settings
from matching.review.approvals import INTENDED, RESULT, Approval, fate, unsettled
from matching.review.budget import over_budget, spent
from matching.roster.safeguards import FULL_CONTROL
from tasks.boundaries import reached
from tasks.ledger.book import Book, Ledger
from tasks.ledger.leases import give_back, renew, take
from tasks.meta.change import Called, Change, Proof
from tasks.meta.changes import make
from tasks.meta.client import MetaClient
from tasks.meta.proof import outcome, prove_many
from tasks.warehouse import queries

progress = logging.getLogger("hubroster.progress")

LEASE_S = 300.0
BY_APPLY = "apply"
NOT_SENT = "nobody knows whether Meta was asked, and the seat is still there: answer again if it should go"


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one approved change, and a sentence on what to do next.

    outcome: done, already_done, stale, withdrawn, lapsed, refused, blocked, unknown or manual.
    """

    change: str
    member_id: str
    outcome: str
    reason: str


async def apply_approved(settings: Settings, label: str) -> list[Settled]:
    """Settle every approved change of a hub that is due, and return what became of each."""
    holder = f"{socket.gethostname()}:{os.getpid()}:{token_hex(4)}"
    with ledger_of(settings) as ledger:
        with ledger.writing() as book:
            if not unsettled(book.entries(hub=label), label):
                return []
            if not take(book, f"apply:{label}", holder, LEASE_S):
                progress.info("Another process is carrying out the changes of %s", label)
                return []
        try:
            return await _Applying(settings, label, ledger, holder).all()
        finally:
            with ledger.writing() as book:
                give_back(book, f"apply:{label}", holder)


class _Applying:
    """One run over a hub's approvals."""

    def __init__(self, settings: Settings, label: str, ledger: Ledger, holder: str) -> None:
        self.settings, self.label, self.ledger, self.holder = settings, label, ledger, holder
        self.job: CheckJob = begin(settings, label)
        self.hub = self.job.hub
        self.settled: list[Settled] = []

    async def all(self) -> list[Settled]:
        with self.ledger.writing() as book:
            waiting = unsettled(book.entries(hub=self.label), self.label)
            begun = [one for one in waiting if one.intended_at]
            due = [one for one in waiting if not one.intended_at and self._is_due(book, one)]
        if begun:
            await self._settle_begun(begun)
        if due and self.hub.write_token is None:
            self._write_all(due, "manual", "this hub has no write_token: do it in Meta's settings")
        elif due:
            await self._carry_out(due)
        return self.settled

    def _is_due(self, book: Book, approval: Approval) -> bool:
        found = fate(approval, book.entries(hub=self.label, after=approval.seq), book.now)
        if found == "withdrawn":
            self._write(book, approval, "withdrawn", "an Owner said stay before it was done")
        elif found == "lapsed":
            self._write(book, approval, "lapsed", "24 hours passed before it could be done: answer again")
        return found == "due"

    async def _settle_begun(self, begun: Sequence[Approval]) -> None:
        """Find out by reading what became of calls that a killed run may have made; none is made again."""
        async with self._client() as reader:
            proofs = await prove_many(reader, self.hub.business_id, [_change(one) for one in begun])
        with self.ledger.writing() as book:
            for place, approval in enumerate(begun):
                state, reason = outcome(Called("lost", ""), proofs[place], was_there=True)
                self._write(book, approval, state, NOT_SENT if state == "unknown" else reason)

    async def _carry_out(self, due: Sequence[Approval]) -> None:
        async with alone(self.settings, self.label):
            report = await self._fresh_report()
        go, members = [], self._counts()
        with self.ledger.writing() as book:
            for approval in due:
                state, reason = _still_right(report, approval)
                if state == "go":
                    go.append(approval)
                elif state:  # nothing is written where the read is too poor to say: it waits, or lapses
                    self._write(book, approval, state, reason)
            rows = book.entries(hub=self.label)
            admins = sum(one.asked.role == FULL_CONTROL for one in go)
            seats = [one for one in go if one.asked.member_kind == "user"]
            if reason := over_budget(len(seats), admins, spent(rows, self.label, book.now), **members):
                for approval in go:
                    self._write(book, approval, "blocked", reason)
                return
            grants = self._grants(go)
            for approval in go:
                self._intend(book, approval, grants)
        reached("apply.intended")
        if go:
            await self._call_all(go)

    def _intend(self, book: Book, approval: Approval, grants: Mapping[tuple[str, str], Any]) -> None:
        asked = approval.asked
        book.append(
            INTENDED,
            hub=self.label,
            actor=PROGRAM,
            identified_by=BY_APPLY,
            payload={
                "approval": approval.seq,
                "review": approval.review,
                "change": asked.id,
                "call": "remove" if asked.member_kind == "user" else "cancel_invitation",
                "member_kind": asked.member_kind,
                "member_id": asked.member_id,
                "role": asked.role,
                "had": grants.get((asked.member_kind, asked.member_id), {}),
            },
        )

    async def _call_all(self, go: Sequence[Approval]) -> None:
        changes = [_change(one) for one in go]
        called: dict[int, Called] = {}
        async with AsyncExitStack() as stack:
            writer = await stack.enter_async_context(self._client(write=True))
            reader = await stack.enter_async_context(self._client())
            slots = asyncio.Semaphore(self.settings.meta.concurrency)

            async def call(place: int) -> None:
                async with slots:
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
                self._write(book, approval, state, reason)

    def _still_ours(self) -> bool:
        with self.ledger.writing() as book:
            return renew(book, f"apply:{self.label}", self.holder, LEASE_S)

    async def _fresh_report(self) -> dict[str, Any]:
        """Read Meta and the directory again, as a check does, and return its report."""
        job = self.job
        directory = [read_directory(job, source) for source in job.settings.directory]
        async with self._client() as client:
            edges, traffic = await read_hub(job, client)
        loaded = load_facts(job, edges, directory, traffic)
        standing = match_members(job, decisions_of(self.settings, self.label))
        report = draw_report(job, edges, directory, loaded, standing)
        conclude(job, report, standing)
        return report

    def _counts(self) -> dict[str, Any]:
        with self.job.warehouse(read_only=True) as con:
            members = queries.members(con, self.label)
            week_ago = queries.members_then(con, self.label, self.job.started_at - timedelta(days=7))
        users = members[members["kind"] == "user"]
        return {
            "members": len(users),
            "members_last_week": week_ago,
            "admins": int((users["role"] == FULL_CONTROL).sum()),
        }

    def _grants(self, going: Sequence[Approval]) -> dict[tuple[str, str], Any]:
        """Return what `restore` needs to bring somebody back: role and grants; ids and task words only."""
        keys = pd.DataFrame(
            [(one.asked.member_kind, one.asked.member_id) for one in going], columns=["kind", "member_id"]
        )
        with self.job.warehouse(read_only=True) as con:
            rows = queries.grants_of(con, self.label, keys)
        found: dict[tuple[str, str], Any] = {
            (one.asked.member_kind, one.asked.member_id): {"role": one.asked.role, "grants": []}
            for one in going
        }
        for row in rows.to_dict("records"):
            key = (row["member_kind"], row["member_id"])
            found[key]["grants"].append([row["asset_kind"], row["asset_id"], sorted(map(str, row["tasks"]))])
        return found

    def _client(self, *, write: bool = False) -> MetaClient:
        return MetaClient(self.job.access(write=write), say=progress.info, now=self.settings.now)

    def _write_all(self, approvals: Sequence[Approval], state: str, reason: str) -> None:
        with self.ledger.writing() as book:
            for approval in approvals:
                self._write(book, approval, state, reason)

    def _write(self, book: Book, approval: Approval, state: str, reason: str) -> None:
        asked = approval.asked
        book.append(
            RESULT,
            hub=self.label,
            actor=PROGRAM,
            identified_by=BY_APPLY,
            payload={
                "approval": approval.seq,
                "review": approval.review,
                "change": asked.id,
                "stay": asked.stay,
                "member_kind": asked.member_kind,
                "member_id": asked.member_id,
                "outcome": state,
                "reason": reason,
            },
        )
        self.settled.append(Settled(asked.id, asked.member_id, state, reason))
        progress.info("%s %s: %s", asked.member_kind, asked.member_id, state)


def _change(approval: Approval) -> Change:
    asked = approval.asked
    kind = "remove" if asked.member_kind == "user" else "cancel_invitation"
    return Change(kind=kind, member_kind=asked.member_kind, member_id=asked.member_id)


def _still_right(report: Mapping[str, Any], approval: Approval) -> tuple[str, str]:
    """Return go, stale or blocked with the reason; nothing where this check can't say.

    The same change id means the same facts: ids, names, addresses, role, grants and status (design §9).
    """
    change = approval.asked.id
    for proposal in report["held_back"]:
        if proposal["id"] == change:
            return "blocked", " ".join(proposal["held_back"])
    for proposal in report["proposals"]:
        if proposal["id"] == change:
            if holds := proposal.get("if_removed"):
                return "blocked", " ".join(holds)
            return "go", ""
    if not report["check"]["complete"] or any(not read["accepted"] for read in report["directory"]):
        return "", ""
    return "stale", "what it rested on is not so any more: the next check asks again if need be"
