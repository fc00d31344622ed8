"""Many listings at once, asked in batches of 50, each to its last page."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol
from urllib.parse import quote, urlencode

from tasks.errors import (
    ListingBroken,
    MetaError,
    MetaLimited,
    MetaUnreachable,
    PermissionMissing,
    TokenRejected,
    TooMuchData,
)
from tasks.meta.batch import BATCH_ITEMS, Answer
from tasks.meta.client import MetaClient
from tasks.meta.listing import Reading, is_page
from tasks.meta.refusals import told
from tasks.meta.selection import Selection
from tasks.meta.wire import Row, Scope


class Sink(Protocol):
    """Where the rows of one listing go. Ends in exactly one `end` or `fail`."""

    def page(self, rows: list[Row]) -> None:
        """Take the new rows of a page."""

    def again(self) -> None:
        """Forget all pages: the totals differed, and the listing is read a second time."""

    def end(self, reading: Reading) -> None:
        """Take note that the listing was read to its last page, and that its totals agree."""

    def fail(self, reason: str, reading: Reading) -> None:
        """Take note that it was not; with `reading.done` all pages came, only the totals stay different."""


class Inquiry:
    """What one edge is asked for, whosever edge it is, and what was learnt from the answers."""

    def __init__(self, edge: str, selection: Selection, filters: Mapping[str, str] | None = None) -> None:
        self.edge, self.selection, self.filters = edge, selection, filters or {}
        self.pages = 0
        self.stopped: MetaError | None = None  # refused so often that nobody else is asked for it
        self._refusals = 0

    def note(self, answer: Answer | MetaError) -> None:
        """Learn from an answer. A batch full of refusals, and no answer: nobody else is asked."""
        if not isinstance(answer, MetaError):
            self.pages += 1
        elif isinstance(answer, PermissionMissing):
            self._refusals += 1
            if self._refusals >= BATCH_ITEMS and not self.pages:
                self.stopped = answer


class Question:
    """One listing under way."""

    __slots__ = ("asked", "inquiry", "reading", "scope", "second", "sink")

    def __init__(
        self, inquiry: Inquiry, scope: Scope, sink: Sink, reading: Callable[[], Reading] = Reading
    ) -> None:
        self.inquiry, self.scope, self.sink = inquiry, scope, sink
        self.reading = reading()
        self.second = False
        self.asked = ""

    def url(self) -> str:
        """Return the relative URL of the next page."""
        return f"{quote(self.scope.node_id, safe='')}/{self.inquiry.edge}?{urlencode(self.params())}"

    def path(self) -> str:
        """Return the path of the edge."""
        return f"{self.scope.node_id}/{self.inquiry.edge}"

    def params(self) -> dict[str, str]:
        """Return what the next page is asked for with, and note its fields."""
        self.asked = self.inquiry.selection.text()
        return {"fields": self.asked, **self.reading.params(), **self.inquiry.filters}

    def fail(self, error: MetaError) -> None:
        """End it: this can't be read."""
        self.sink.fail(told(error, self.inquiry.selection.needs), self.reading)

    def restart(self) -> None:
        """Begin a second reading."""
        self.second = True
        self.reading = self.reading.afresh()
        self.sink.again()


class Questions:
    """Asks all questions, taking them from the iterable as their turn comes: nothing is held for the rest."""

    def __init__(self, client: MetaClient, questions: Iterable[Question]) -> None:
        self._client = client
        self._fresh, self._open = iter(questions), deque[Question]()
        self._alone: deque[list[Question]] = deque()  # batches of one edge each
        self._size = BATCH_ITEMS
        self._singly = False  # Meta refuses batches as such

    async def ask(self) -> None:
        """Ask until every listing is settled. Never raises MetaError."""
        workers = [asyncio.create_task(self._work()) for _ in range(self._client.concurrency)]
        try:
            await asyncio.gather(*workers)
        finally:
            for worker in workers:
                worker.cancel()

    async def _work(self) -> None:
        while batch := self._next_batch():
            try:
                answers = await self._answers(batch)
            except MetaError as error:
                if self._split(batch, error):
                    continue
                answers = [error for _ in batch]
            for question, answer in zip(batch, answers, strict=True):
                question.inquiry.note(answer)
                self._settle(question, answer)

    async def _answers(self, batch: list[Question]) -> list[Answer | MetaError]:
        """Ask a batch; one by one where batches are refused as such. Raise MetaError for all of it."""
        if not self._singly:
            try:
                return await self._client.batch([one.url() for one in batch], usable=is_page)
            except (MetaLimited, MetaUnreachable, TokenRejected, TooMuchData):
                raise
            except MetaError as error:
                if self._client.stopped is not None:
                    raise
                if not self._singly:
                    self._client.say(f"Meta refuses batches: asked one by one ({error})")
                self._singly = True
        return [await self._own_answer(one) for one in batch]

    async def _own_answer(self, question: Question) -> Answer | MetaError:
        if question.inquiry.stopped is not None:
            return question.inquiry.stopped
        try:
            return await self._client.get(question.path(), question.params(), usable=is_page)
        except MetaError as error:
            return error

    def _split(self, batch: list[Question], error: MetaError) -> bool:
        """Ask in smaller batches, where one is too much as a whole, or an edge in it spoils it for all."""
        if isinstance(error, TooMuchData) and len(batch) > 1:
            self._size = max(1, len(batch) // 2)
            self._open.extend(batch)
            return True
        edges = {question.inquiry.edge for question in batch}
        if isinstance(error, MetaUnreachable) and len(edges) > 1:
            self._alone.extend([one for one in batch if one.inquiry.edge == edge] for edge in sorted(edges))
            return True
        return False

    def _next_batch(self) -> list[Question]:
        if self._alone:
            return self._alone.popleft()
        batch: list[Question] = []
        while len(batch) < self._size:
            question = self._open.popleft() if self._open else next(self._fresh, None)
            if question is None:
                break
            if question.inquiry.stopped is not None:
                question.fail(question.inquiry.stopped)
            else:
                batch.append(question)
        return batch

    def _settle(self, question: Question, answer: Answer | MetaError) -> None:
        reading = question.reading
        if isinstance(answer, MetaError):
            self._refuse(question, answer)
            return
        try:
            question.sink.page(reading.take(answer))
        except ListingBroken as error:
            question.sink.fail(str(error), reading)
            return
        if not reading.done:
            self._open.append(question)
        elif (broken_off := reading.broken_off) is None:
            question.sink.end(reading)
        elif question.second:
            question.sink.fail(broken_off, reading)
        else:
            question.restart()
            self._open.append(question)

    def _refuse(self, question: Question, error: MetaError) -> None:
        """Ask for less, where that can help; else the listing has failed."""
        if isinstance(error, TooMuchData):
            less = question.reading.shrink()
        else:
            # other questions of the same batch may have given up the same field already
            less = question.asked != question.inquiry.selection.text() or self._give_up(question, error)
        if less:
            self._open.append(question)
        else:
            question.fail(error)

    def _give_up(self, question: Question, error: MetaError) -> bool:
        given_up = question.inquiry.selection.give_up(error)
        if given_up is not None:
            self._client.say(f"{question.inquiry.edge}: read without {given_up} ({error})")
        return given_up is not None
