"""The same edge of many nodes, asked in batches of 50, each node's listing to its last page."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from urllib.parse import quote, urlencode

from tasks.errors import ListingBroken, MetaError, PermissionMissing, TooMuchData
from tasks.meta.batch import BATCH_ITEMS, Answer
from tasks.meta.client import MetaClient
from tasks.meta.listing import Reading, is_page
from tasks.meta.selection import Selection
from tasks.meta.wire import Row, Scope


class Question:
    """One node's listing under way."""

    __slots__ = ("asked", "reading", "rows", "scope", "second")

    def __init__(self, scope: Scope, reading: Reading, *, second: bool = False) -> None:
        self.scope, self.reading, self.second = scope, reading, second
        self.rows: list[Row] = []
        self.asked = ""


class Questions:
    """Asks one edge of all `scopes`; every scope ends in exactly one call of `whole` or `gap`.

    `whole(scope, rows, total)`: the listing was read to its last page. `gap(scope, reason, rows)`: it was
    not; `rows` are those of a listing whose total stays different, else none. Scopes are taken from the
    iterable as they are asked: nothing is held for those that wait.
    """

    def __init__(
        self,
        client: MetaClient,
        selection: Selection,
        edge: str,
        scopes: Iterable[Scope],
        *,
        whole: Callable[[Scope, list[Row], int | None], None],
        gap: Callable[[Scope, str, list[Row]], None],
        reading: Callable[[], Reading] = Reading,
        filters: dict[str, str] | None = None,
    ) -> None:
        self.pages = 0
        self._client, self._selection, self._edge = client, selection, edge
        self._fresh, self._open = iter(scopes), deque[Question]()
        self._whole, self._gap, self._reading, self._filters = whole, gap, reading, filters or {}
        self._size = BATCH_ITEMS
        self._refused: MetaError | None = None

    async def ask(self) -> None:
        """Ask until every scope is settled. Never raises MetaError."""
        workers = [asyncio.create_task(self._work()) for _ in range(self._client.concurrency)]
        try:
            await asyncio.gather(*workers)
        finally:
            for worker in workers:
                worker.cancel()

    async def _work(self) -> None:
        while batch := self._next_batch():
            urls = [self._url(question) for question in batch]
            answers: list[Answer | MetaError]
            try:
                answers = await self._client.batch(urls, usable=is_page)
            except TooMuchData as error:
                if len(batch) > 1:  # the batch as a whole is too much, not one of its listings
                    self._size = max(1, len(batch) // 2)
                    self._open.extend(batch)
                    continue
                answers = [error]
            except MetaError as error:
                answers = [error for _ in batch]
            for question, answer in zip(batch, answers, strict=True):
                self._settle(question, answer)
            self._notice(answers)

    def _next_batch(self) -> list[Question]:
        batch: list[Question] = []
        while len(batch) < self._size:
            if self._open:
                batch.append(self._open.popleft())
            elif (scope := next(self._fresh, None)) is None:
                break
            elif self._refused is not None:
                self._gap(scope, str(self._refused), [])
            else:
                batch.append(Question(scope, self._reading()))
        return batch

    def _url(self, question: Question) -> str:
        question.asked = self._selection.text()
        query = {"fields": question.asked, **question.reading.params(), **self._filters}
        return f"{quote(question.scope.node_id, safe='')}/{self._edge}?{urlencode(query)}"

    def _settle(self, question: Question, answer: Answer | MetaError) -> None:
        if isinstance(answer, MetaError):
            self._refuse(question, answer)
            return
        self.pages += 1
        try:
            question.rows += question.reading.take(answer)
        except ListingBroken as error:
            self._gap(question.scope, str(error), [])
            return
        if not question.reading.done:
            self._open.append(question)
        elif (difference := question.reading.difference) is None:
            self._whole(question.scope, question.rows, question.reading.total)
        elif question.second:
            self._gap(question.scope, f"{difference} (read twice)", question.rows)
        else:
            self._open.append(Question(question.scope, self._reading(), second=True))

    def _refuse(self, question: Question, error: MetaError) -> None:
        """Ask for less, where that can help; else the scope is a gap."""
        if isinstance(error, TooMuchData):
            less = question.reading.shrink()
        else:
            # other questions of the same batch may have given up the same field already
            less = question.asked != self._selection.text() or self._selection.give_up(error) is not None
        if less:
            self._open.append(question)
        else:
            self._gap(question.scope, str(error), [])

    def _notice(self, answers: list[Answer | MetaError]) -> None:
        """Stop asking when a whole batch was refused for want of permission: the rest would be, too."""
        if len(answers) == BATCH_ITEMS and all(isinstance(one, PermissionMissing) for one in answers):
            refused = answers[0]
            self._refused = refused if isinstance(refused, MetaError) else None
