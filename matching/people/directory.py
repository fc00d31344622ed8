"""The directory made ready for matching: what doesn't depend on any member is worked out once.

A workspace has one directory and up to hundreds of hubs. Folding its names, counting its words and listing
its addresses takes most of the time of a small hub, and comes out the same for every hub: it is kept, under
the digest of all that was read of the people, until another directory comes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from threading import Lock

import duckdb
import pandas as pd

from matching.people.frames import people_texts, store_people
from matching.people.stages import read_addresses, read_names
from matching.people.tables import open_database

LARGE = 20_000  # people
NULL, NEXT = "\x1e", "\x1f"


@dataclass(frozen=True)
class Texts:
    """All that matching reads of the people: one row per person, and one row per further address."""

    persons: pd.DataFrame
    aliases: pd.DataFrame

    @cached_property
    def weighed(self) -> str:
        """A digest of what names and addresses are weighed by."""
        return f"{digest(self.persons.drop(columns='by_name'))} {digest(self.aliases)}"

    @cached_property
    def whole(self) -> str:
        """A digest of everything."""
        return f"{self.weighed} {digest(self.persons[['by_name']])}"


@dataclass(slots=True)
class _Ready:
    """A directory made ready, and what it was made of: the texts, from the first comparison on a digest."""

    con: duckdb.DuckDBPyConnection
    made_of: Texts | str
    people: int
    has_names: bool = False

    def is_of(self, texts: Texts) -> bool:
        if not isinstance(self.made_of, str):  # late: who matches only once doesn't pay for it
            self.made_of = self.made_of.whole
        return self.made_of == texts.whole


_kept: list[_Ready] = []  # at most one: a large one takes some hundred MB
_lock = Lock()


def texts_of(people: pd.DataFrame) -> Texts:
    """Return what matching reads of the people."""
    return Texts(*people_texts(people))


class Directory:
    """A directory that is open: `con` has the tables `persons`, `aliases` and `owned`.

    Temporary tables made in it are the caller's own; others must not be made.
    """

    def __init__(self, ready: _Ready) -> None:
        self._ready = ready
        self.con = ready.con.cursor()

    def read_names(self) -> None:
        """Have the tables `carried`, `known_words`, `worth`, `letters` and `lifts` as well.

        Apart, because nobody's name has to be read while nothing is new.
        """
        with _lock:
            if self._ready.has_names:
                return
            try:
                read_names(self._ready.con)
            except BaseException:
                _kept.clear()  # half its tables are there: nobody else may meet it
                raise
            self._ready.has_names = True


@contextmanager
def directory(texts: Texts, *, once: bool = False) -> Iterator[Directory]:
    """Open the directory; with `once` it is not kept, nor the texts. Raises ValueError when a person_id is
    empty or comes twice."""
    ready = _made_ready(texts) if once else _prepared(texts)
    del texts  # some hundred MB of a large one
    opened = Directory(ready)
    try:
        yield opened
    finally:
        opened.con.close()
        if once:
            ready.con.close()


def forget() -> None:
    """Let go of the directory that is kept."""
    with _lock:
        _kept.clear()


def forget_if_large() -> None:
    """Let go of the directory that is kept if it takes much memory, as nobody may ask for it again."""
    with _lock:
        if _kept and _kept[0].people > LARGE:
            _kept.clear()


def _prepared(texts: Texts) -> _Ready:
    with _lock:
        if not (_kept and _kept[0].is_of(texts)):
            _kept.clear()  # before the next one is made: two at once only while somebody reads the old one
            ready = _made_ready(texts)
            ready.made_of = texts
            _kept.append(ready)
        return _kept[0]


def _made_ready(texts: Texts) -> _Ready:
    con = open_database(len(texts.persons))
    store_people(con, texts.persons, texts.aliases)
    read_addresses(con)
    return _Ready(con, "", len(texts.persons))


def digest(frame: pd.DataFrame) -> str:
    """Return a SHA-256 over columns, order and values: two frames that differ in any of them differ in it."""
    told = sha256()
    for name in frame.columns:
        column = frame[name]
        missing = column.isna().to_numpy()
        values = column.to_numpy(dtype="object", na_value=NULL).tolist()
        text = _joined(values, int(missing.sum()))
        if text is None:
            marked = zip(values, missing, strict=True)
            text = NEXT.join([NULL if is_null else repr(value) for value, is_null in marked])  # escapes marks
            told.update(b"repr ")
        told.update(f"{name} {len(values)} ".encode())
        told.update(text.encode("utf-8", "surrogatepass"))
    return told.hexdigest()


def _joined(values: list[object], nulls: int) -> str | None:
    """Return the values with a mark between them; None where not all are texts without either mark."""
    try:
        text = NEXT.join(values)  # type: ignore[arg-type]  # what is no text is told by the error
    except TypeError:
        return None
    is_clear = text.count(NEXT) == max(len(values) - 1, 0) and text.count(NULL) == nulls
    return text if is_clear else None
