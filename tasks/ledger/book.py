"""The ledger: opening it, and one transaction of reading or writing (design §7)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, insert, select
from sqlalchemy.sql import Executable

from tasks.errors import ClockBehind, LedgerError
from tasks.ledger import names
from tasks.ledger.entry import (
    GENESIS,
    Entry,
    Head,
    hash_of,
    moment,
    payload_of,
    payload_text,
    stamp,
    without_address,
)
from tasks.ledger.stores import Store, postgres_store, sqlite_store
from tasks.ledger.tables import entries

# Several machines write one ledger, and their clocks differ by so much even when each is right. Within it
# time stands still at the head; beyond it the clock is wrong.
TOLERANCE = timedelta(seconds=1)

_NEW_ENTRY = insert(entries)  # made once: apply writes two thousand entries in a transaction


def open_ledger(url: str, home: Path, clock: Callable[[], datetime], *, lock_wait_s: float = 30) -> Ledger:
    """Open the ledger, made and migrated where it must be.

    `url` is "sqlite" (the file `ledger.db` in the home) or a postgresql:// URL. Raises LedgerError.
    """
    store = sqlite_store(home, lock_wait_s) if url == "sqlite" else postgres_store(url, lock_wait_s)
    return Ledger(store, clock)


class Ledger:
    """The book of decisions and changes. Safe to use from threads; one per process is enough."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock

    @property
    def name(self) -> str:
        """Return what messages call it: the path of its file, or its database and host."""
        return self._store.name

    @contextmanager
    def writing(self) -> Iterator[Book]:
        """Open the one exclusive transaction; it commits on leaving, and an exception leaves nothing.

        Raises LedgerBusy when others hold it for longer than `lock_wait_s`, ClockBehind when the clock is
        earlier than the last entry, and LedgerError.
        """
        with self._store.transaction(exclusive=True) as con:
            book = Book(con, self._clock, is_writable=True, must_agree=True)
            yield book
        if book.has_erased:
            self._store.forget()

    @contextmanager
    def reading(self, *, clock_must_agree: bool = False) -> Iterator[Book]:
        """Open one snapshot of the book; it waits for no writer. Writing raises RuntimeError.

        With `clock_must_agree` it raises ClockBehind as `writing` does: something is done on what is read.
        """
        with self._store.transaction(exclusive=False) as con:
            yield Book(con, self._clock, is_writable=False, must_agree=clock_must_agree)

    @contextmanager
    def as_stored(self) -> Iterator[Connection]:
        """Open one snapshot of the rows as they are, for whoever has to judge them."""
        with self._store.transaction(exclusive=False) as con:
            yield con

    def close(self) -> None:
        """Give back the connections."""
        self._store.engine.dispose()


class Book:
    """The ledger within one transaction. `now` is its time: UTC, never earlier than the head's."""

    def __init__(
        self, con: Connection, clock: Callable[[], datetime], *, is_writable: bool, must_agree: bool
    ) -> None:
        self._con, self._is_writable = con, is_writable
        self._head = self._last()
        self.now = _time(clock, self._head, must_agree=must_agree)
        self.has_erased = False
        self.secrets: dict[str, bytes] = {}  # those of the ledger that were read already
        self._found: dict[tuple[Any, ...], list[Entry]] = {}  # what was asked for since the last `append`

    def head(self) -> Head:
        """Return where the chain ends; seq 0 and a fixed hash when nothing was ever written."""
        return self._head

    def entries(
        self, hub: str | None = None, kinds: Collection[str] | None = None, after: int = 0
    ) -> list[Entry]:
        """Return the entries in order, those after a sequence number; of one hub, of some kinds."""
        wanted = (hub, None if kinds is None else tuple(sorted(kinds)), after)
        if wanted not in self._found:
            self._found[wanted] = self._entries(*wanted)
        return [*self._found[wanted]]

    def _entries(self, hub: str | None, kinds: Collection[str] | None, after: int) -> list[Entry]:
        asked = select(entries).where(entries.c.seq > after).order_by(entries.c.seq)
        if hub is not None:
            asked = asked.where(entries.c.hub == hub)
        if kinds is not None:
            asked = asked.where(entries.c.kind.in_(kinds))
        return [_entry(row) for row in self.rows(asked)]

    def append(
        self, kind: str, *, hub: str, actor: str, identified_by: str, payload: Mapping[str, Any]
    ) -> Entry:
        """Write the next entry and return it.

        Raises ValueError for an "@" in any text, as an entry can never be forgotten, and for a payload that
        JSON can't say.
        """
        texts = {"hub": hub, "actor": actor, "identified_by": identified_by, "kind": kind}
        columns: dict[str, Any] = {
            "seq": self._head.seq + 1,
            "at": stamp(self.now),
            **{name: without_address(text, name) for name, text in texts.items()},
            "payload": payload_text(payload),
            "previous_hash": self._head.hash,
        }
        columns["hash"] = hash_of(columns)
        self.change(_NEW_ENTRY, columns)
        self._found.clear()
        self._head = Head(columns["seq"], columns["hash"], self.now)
        return Entry(**{**columns, "at": self.now, "payload": payload_of(columns["payload"])})

    def ref(self, what: str, id: str, /, **facts: str) -> str:
        """Return the reference that stands for a thing in the chain, the same one for the same (what, id).

        It is random. The facts (name, address …) are kept beside the chain, new ones over old ones.
        """
        return names.ref(self, what, id, facts)

    def text(self, words: str) -> str:
        """Return a reference to a free text (a comment, a reason), which is kept beside the chain."""
        return names.text(self, words)

    def find(self, what: str, id: str, /) -> str | None:
        """Return the reference of a thing that has one."""
        return names.find(self, what, id)

    def named(self, refs: Collection[str]) -> dict[str, dict[str, str]]:
        """Return for each reference its `id` and its facts; nothing, {}, for one that was erased."""
        return names.named(self, refs)

    def rename(self, what: str, ids: Mapping[str, str]) -> int:
        """Let the references of things stand for their new ids (old → new); return how many did."""
        return names.rename(self, what, ids)

    def erase(self, ref: str) -> None:
        """Forget what a reference stands for. The chain, which holds only the reference, stays whole."""
        names.erase(self, ref)
        self.has_erased = True

    def rows(self, asked: Executable) -> Sequence[Row[Any]]:
        """Return the rows that a statement finds."""
        return self._con.execute(asked).all()

    def change(self, statement: Executable, values: Mapping[str, Any] | None = None) -> int:
        """Run a statement that writes; return how many rows it touched. Raises RuntimeError in `reading`."""
        if not self._is_writable:
            raise RuntimeError("the ledger was opened to read: write within `writing()`")
        return self._con.execute(statement, values).rowcount

    def _last(self) -> Head:
        asked = select(entries.c.seq, entries.c.hash, entries.c.at).order_by(entries.c.seq.desc()).limit(1)
        found = self._con.execute(asked).first()
        if not found:
            return GENESIS
        try:
            return Head(found.seq, found.hash, moment(found.at))
        except (ValueError, TypeError) as error:
            raise _changed(found.seq) from error


def _time(clock: Callable[[], datetime], head: Head, *, must_agree: bool) -> datetime:
    now = moment(stamp(clock()))
    if must_agree and head.at - now > TOLERANCE:
        raise ClockBehind(
            f"this machine's clock says {now:%Y-%m-%d %H:%M:%S} UTC, the ledger's last entry is of "
            f"{head.at:%Y-%m-%d %H:%M:%S}: set the clock right; nothing was written"
        )
    return max(now, head.at)


def _entry(row: Row[Any]) -> Entry:
    try:
        at, payload = moment(row.at), payload_of(row.payload)
    except (ValueError, TypeError) as error:
        raise _changed(row.seq) from error
    about = (row.hub, row.actor, row.identified_by, row.kind)
    return Entry(row.seq, at, *about, payload, row.previous_hash, row.hash)


def _changed(seq: int) -> LedgerError:
    return LedgerError(f"entry {seq} of the ledger was changed: run `hubroster ledger verify`")
