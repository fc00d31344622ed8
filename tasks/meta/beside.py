"""Grants of a long listing of members, by expansion, beside the listing: from each page's cursor, at once.

A page says where the next one begins only when it has come, and with grants in it that takes long. So the
listing goes ahead without them, and who is on its pages is asked for again, with nothing but the grants, as
many pages at once as the client allows. It decides nothing: who did not come that way is asked directly.
"""

import asyncio
from collections.abc import Callable, Sequence

from tasks.errors import ListingBroken, MetaError, MetaLimited, TokenRejected, TooMuchData
from tasks.meta.client import MetaClient
from tasks.meta.listing import Reading, id_of, is_page
from tasks.meta.selection import TOTALS, Selection
from tasks.meta.wire import Row


class Beside:
    """Expanded pages under way. Used as an async context manager, which leaves none behind.

    `selection` asks for ids and nested edges alone, `limit` members a page at first, `floor` at least. `take`
    gets each member of the listing once, with the nested edges that came, and without those that didn't.
    """

    def __init__(
        self,
        client: MetaClient,
        path: str,
        selection: Selection,
        *,
        limit: int,
        floor: int,
        take: Callable[[list[Row]], None],
    ) -> None:
        self._client, self._path, self._selection = client, path, selection
        self._limit, self._floor, self._take = limit, floor, take
        self._under_way: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> "Beside":
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def ask(self, after: str | None, members: Sequence[Row]) -> None:
        """Begin to ask for the grants of these members, who stand behind this cursor."""
        self._under_way.append(asyncio.create_task(self._page(after, members)))

    async def settle(self) -> None:
        """Wait until all that was begun has been taken. Never raises MetaError."""
        await asyncio.gather(*self._under_way)

    async def _page(self, after: str | None, members: Sequence[Row]) -> None:
        missing: dict[str, Row] = {id_of(row): {"id": id_of(row)} for row in members}
        came: list[Row] = []
        reading = Reading(self._limit)
        reading.after = after
        # as many rows as the listing had here: who has moved elsewhere meanwhile isn't searched for
        while reading.rows < len(members) and not reading.done and self._selection.nested:
            asked = self._selection.text()
            try:
                page = await self._client.get(
                    self._path, {"fields": asked, **reading.params()}, usable=is_page
                )
                came += [row for row in reading.take(page) if missing.pop(id_of(row), None)]
            except ListingBroken:
                break
            except MetaError as error:
                if not self._ask_less(error, asked, reading):
                    break
        self._take([*came, *missing.values()])

    def _ask_less(self, error: MetaError, asked: str, reading: Reading) -> bool:
        """Ask for less from here on, all pages alike; False where that can't help."""
        if isinstance(error, MetaLimited | TokenRejected):
            return False
        if isinstance(error, TooMuchData) and reading.shrink(self._floor):
            self._limit = min(self._limit, reading.limit)
            return True
        if asked != self._selection.text():  # another page was refused the same, and gave it up
            return True
        too_much = isinstance(error, TooMuchData)
        given_up = self._selection.give_up_expansion() if too_much else self._selection.give_up(error)
        if given_up not in (None, TOTALS):
            self._client.say(f"{self._path.rsplit('/', 1)[-1]}: read without {given_up} ({error})")
        return given_up is not None
