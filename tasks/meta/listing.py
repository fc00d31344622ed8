"""An edge to its last page, or not read: paging by cursor, totals, doubles, shrinking pages (§3)."""

from collections.abc import AsyncGenerator, Callable

from tasks.errors import ListingBroken, MetaError, MetaLimited, TokenRejected, TooMuchData
from tasks.meta.batch import Answer
from tasks.meta.client import MetaClient
from tasks.meta.selection import TOTALS, Selection
from tasks.meta.wire import Row

_LATER = "nothing is concluded from it: check again later"
# §4, 3914: a business keeps at least one person with Full control
NOBODY = "Meta listed nobody at all, which can't be; check again later"
BARREN_PAGES = 30  # in a row, without a row that is new: cursors that never repeat can go on for ever too
PAGE_LIMIT = 200  # no source names Meta's maximum; lower is safer (§3, code 1)


def is_page(answer: Answer) -> bool:
    """Say whether an answer has the documented shape of a page."""
    data, paging = answer.get("data"), answer.get("paging", {})
    return isinstance(data, list) and isinstance(paging, dict) and all(isinstance(row, dict) for row in data)


def id_of(row: Row) -> str:
    """Return a row's id as text; raise ListingBroken when there is none."""
    found = row.get("id")
    if isinstance(found, str) and found:
        return found
    raise ListingBroken(f"a row came without an id; {_LATER}")


class Reading:
    """One listing on its way to its last page. It knows what to ask next, and whether the pages agree.

    `rows` counts rows that differ in their key; `total` is the newest total that Meta gave, if any.
    """

    __slots__ = ("_barren", "_cursors", "_key_of", "_keys", "_totals", "after", "done", "limit", "pages")

    def __init__(self, limit: int = PAGE_LIMIT, key_of: Callable[[Row], str] = id_of) -> None:
        self.limit = limit
        self.after: str | None = None
        self.done = False
        self.pages = 0
        self._key_of = key_of
        self._keys: set[str] = set()
        self._cursors: set[str] = set()
        self._barren = 0
        self._totals: list[int] = []

    def afresh(self) -> "Reading":
        """Return a new reading of the same listing."""
        return Reading(self.limit, self._key_of)

    @property
    def rows(self) -> int:
        return len(self._keys)

    @property
    def total(self) -> int | None:
        return self._totals[-1] if self._totals else None

    def params(self) -> dict[str, str]:
        """Return the parameters of the next page."""
        page = {"limit": str(self.limit), "summary": "true"}
        return page if self.after is None else {**page, "after": self.after}

    def take(self, page: Answer) -> list[Row]:
        """Return the rows of a page that were not in an earlier one.

        A page may be empty and have a next one: only a page without `next` is the last (§3). Raise
        ListingBroken for a cursor seen before, and for page after page with nothing new: following them would
        never end (I:661).
        """
        self.pages += 1
        self._count(page.get("summary"))
        fresh = []
        for row in page["data"]:
            key = self._key_of(row)
            if key not in self._keys:  # rows move between pages when somebody joins or leaves meanwhile
                self._keys.add(key)
                fresh.append(row)
        paging = page.get("paging", {})
        if not paging.get("next"):
            self.done = True
            return fresh
        cursors = paging.get("cursors")
        after = cursors.get("after") if isinstance(cursors, dict) else None
        if not isinstance(after, str) or not after:
            raise ListingBroken(f"a page says that another follows, and gives no cursor to it; {_LATER}")
        if after in self._cursors:
            raise ListingBroken(f"the same cursor came twice, on page {self.pages}; {_LATER}")
        self._barren = 0 if fresh else self._barren + 1
        if self._barren >= BARREN_PAGES:
            raise ListingBroken(
                f"{BARREN_PAGES} pages in a row, up to page {self.pages}, had no new row; {_LATER}"
            )
        self._cursors.add(after)
        self.after = after
        return fresh

    def _count(self, summary: object) -> None:
        total = summary.get("total_count") if isinstance(summary, dict) else None
        if isinstance(total, str) and total.isascii() and total.isdecimal():  # as ids are
            total = int(total)
        if isinstance(total, int) and not isinstance(total, bool):
            self._totals.append(total)

    def shrink(self, floor: int = 1) -> bool:
        """Halve the pages and go on from the same cursor; False when they are as small as they get."""
        if self.limit <= floor:
            return False
        self.limit = max(floor, self.limit // 2)
        return True

    @property
    def broken_off(self) -> str | None:
        """The line for a listing that was read twice, and whose totals still differ; else None."""
        return f"{self.difference} (read twice); {_LATER}" if self.difference else None

    @property
    def difference(self) -> str | None:
        """What is wrong with the totals of a listing read to its end, both numbers in it; else None."""
        odd = [total for total in self._totals if total != self.rows]
        return f"Meta counts {odd[-1]}, and sent {self.rows}" if odd else None


async def pages(
    client: MetaClient, path: str, selection: Selection, reading: Reading, floor: int = 1
) -> AsyncGenerator[list[Row]]:
    """Yield the new rows of each page up to the last one, or raise MetaError.

    On "reduce the amount of data" pages get smaller; at `floor` the expansion is given up. Refused fields are
    given up as Selection says. Either way it goes on from the same cursor.
    """
    while not reading.done:
        try:
            page = await client.get(path, {"fields": selection.text(), **reading.params()}, usable=is_page)
        except MetaError as error:
            expanded = bool(selection.nested)
            if isinstance(error, TooMuchData) and reading.shrink(floor if expanded else 1):
                continue
            given_up = _give_up(selection, error)
            if given_up is None:
                raise
            if expanded and not selection.nested:
                reading.limit = PAGE_LIMIT
            if given_up is not TOTALS:
                client.say(f"{path.rsplit('/', 1)[-1]}: read without {given_up} ({error})")
        else:
            yield reading.take(page)


def _give_up(selection: Selection, error: MetaError) -> str | None:
    if isinstance(error, MetaLimited | TokenRejected):
        return None
    return selection.give_up_expansion() if isinstance(error, TooMuchData) else selection.give_up(error)
