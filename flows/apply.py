"""Apply: carry out what Owners of a hub approved, each change at most once, and write what came of it.

Anybody may start it, at any time, twice: a lease keeps others out, and the ledger says what is left to do.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from flows.applying.calls import Calls, Lease, client_of, settled_by_reading
from flows.applying.due import UNTOLD, fates, still_waiting
from flows.applying.fresh_facts import Fresh, read_again
from flows.applying.judged import judged
from flows.applying.promises import keep_promises
from flows.applying.results import Found, write_results
from flows.applying.rows import BY_APPLY, Settled, change_of, intention, is_add, takes_seat
from flows.applying.ways_left import with_ways_left
from flows.applying.whole_ledger import require_whole
from flows.checking.job import CheckJob, alone, begin
from flows.checking.publishing import publish_afterwards
from flows.opening.ledger import ledger_of
from flows.review.brought_back import begin_anew
from flows.review.owner_roles import drop_passed_on
from flows.review.reviewing import PROGRAM
from flows.settings import Settings
from matching.review.approvals import INTENDED, Approval, unsettled
from matching.review.budget import is_overridden, over_budget, revokes_over_budget, spent
from matching.review.requests import promises
from matching.review.standing import reviews_of
from matching.review.still_right import is_demotion
from matching.roster.safeguards import FULL_CONTROL
from tasks.boundaries import reached
from tasks.ledger.book import Book, Ledger
from tasks.meta.change import Change
from tasks.meta.proof import prove_many

progress = logging.getLogger("hubroster.progress")


async def apply_approved(settings: Settings, label: str) -> list[Settled]:
    """Settle every approved change of a hub that is due, and return what became of each."""
    with ledger_of(settings) as ledger:
        begin_anew(settings, ledger)
        lease = Lease(ledger, label)
        with ledger.writing() as book:
            rows = book.entries(hub=label)
            if not unsettled(rows, label) and not promises(rows, label):
                return []
            if not lease.take(book):
                progress.info("Another process is carrying out the changes of %s", label)
                return []
        held = asyncio.create_task(lease.hold())
        try:
            require_whole(ledger, label)
            return await _Applying(settings, label, ledger, lease).all()
        finally:
            held.cancel()
            lease.end()


class _Applying:
    """One run over a hub's approvals."""

    def __init__(self, settings: Settings, label: str, ledger: Ledger, lease: Lease) -> None:
        self.settings, self.label, self.ledger, self.lease = settings, label, ledger, lease
        self.job: CheckJob = begin(settings, label)
        self.hub = self.job.hub
        self.settled: list[Settled] = []
        self.is_read_whole = False

    async def all(self) -> list[Settled]:
        keep_promises(self.settings, self.label, self.ledger)
        with self.ledger.writing() as book:
            waiting = unsettled(book.entries(hub=self.label), self.label)
            begun = [one for one in waiting if one.intended_at]
            due = self._due(book, [one for one in waiting if not one.intended_at])
        if begun:
            await self._settle_begun(begun)
        if due and self.hub.write_token is None:
            with self.ledger.writing() as book:
                reason = "this hub has no write_token: do it in Meta's settings"
                self._write(book, [(one, "manual", reason, "") for one in due])
        else:
            adds = [one for one in due if is_add(one.asked)]
            takes = [one for one in due if not is_add(one.asked)]
            for batch in (adds, takes):  # what is given first may be what makes taking safe
                if batch:
                    await self._carry_out(batch)
        if self.is_read_whole:
            publish_afterwards(self.settings, self.job.started_at)
        return self.settled

    def _due(self, book: Book, waiting: Sequence[Approval]) -> list[Approval]:
        """Return what may be done at this moment; write what was withdrawn, or came too late."""
        found = fates(self.settings, book, self.label, waiting)
        over = [one for one in waiting if found[one.seq][0] in ("withdrawn", "stale", "lapsed")]
        self._write(book, [(one, *found[one.seq], "") for one in over])
        if untold := sum(reason == UNTOLD for _, reason in found.values()):
            progress.info(
                "%d approved in %s wait until the Owners have their receipts: see that mail goes out",
                untold,
                self.label,
            )
        return [one for one in waiting if found[one.seq][0] == "due"]

    async def _settle_begun(self, begun: Sequence[Approval]) -> None:
        """Find out by reading what became of calls that a killed run may have made; none is made again."""
        async with client_of(self.job) as reader:
            proofs = await prove_many(reader, self.hub.business_id, self._changes(begun, None))
        with self.ledger.writing() as book:
            self._write(book, settled_by_reading(begun, proofs))

    async def _carry_out(self, due: Sequence[Approval]) -> None:
        with self.ledger.reading() as book:
            read_from = book.head().seq
        async with alone(self.settings, self.label):
            fresh = await read_again(self.job, client_of(self.job), due)
        self.is_read_whole = bool(fresh.report["check"]["complete"])
        with self.ledger.writing() as book:
            if not self._may_go_on(book, read_from, fresh):
                return
            drop_passed_on(self.settings, book, self.label)
            # the reading took minutes, perhaps: what Owners said meanwhile counts
            due = self._due(book, still_waiting(book, self.label, due, read_from))
            go, over = judged(self.settings, book, self.label, due, fresh)
            self._write(book, over)
            if reason := self._over_budget(book, go, fresh):
                self._write(book, [(one, "blocked", reason, "") for one in go])
                return
            for approval in go:
                book.append(
                    INTENDED,
                    hub=self.label,
                    actor=PROGRAM,
                    identified_by=BY_APPLY,
                    payload=intention(approval, fresh.had(approval)),
                )
            calls = Calls(self.job, self.ledger, self.lease, book.head().seq)
        reached("apply.intended")
        if go:
            found = await calls.make(go, self._changes(go, fresh))
            found = await with_ways_left(self.job, found, fresh)
            with self.ledger.writing() as book:
                self._write(book, found)

    def _may_go_on(self, book: Book, read_from: int, fresh: Fresh) -> bool:
        """Say whether the hub is still ours, and nobody takes what the reading, which took time, rests on.

        All intentions stand in one ledger: of two hubs that change at once the later one sees the other's.
        """
        begun = book.entries(kinds={INTENDED}, after=read_from)
        if not self.lease.take(book):
            progress.info("Another process is carrying out the changes of %s", self.label)
            return False
        if fresh.rests_on([(row.hub, row.payload["member_id"]) for row in begun if row.hub != self.label]):
            progress.info(
                "Another hub is changing what %s shares with it: the next run reads again", self.label
            )
            return False
        return True

    def _over_budget(self, book: Book, go: Sequence[Approval], fresh: Fresh) -> str:
        rows = book.entries(hub=self.label)
        digests = {one.id: one.digest for one in reviews_of(rows, self.label)}
        today = book.now.astimezone(ZoneInfo(self.settings.workspace.timezone)).date()
        changes = [one.asked.id for one in go]
        if is_overridden(rows, self.label, {digests[one.review] for one in go}, today, changes):
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

    def _write(self, book: Book, found: Sequence[Found]) -> None:
        self.settled += write_results(book, self.label, found)
