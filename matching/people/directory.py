"""The directory made ready for matching: what doesn't depend on any member is worked out once.

A workspace has one directory and up to hundreds of hubs. Folding its names, counting its words and listing
its addresses takes most of the time of a small hub, and comes out the same for every hub: it is kept, under
the digest of all that was read of the people, until another directory comes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from threading import Lock

import duckdb
import pandas as pd

from matching.people.dictionary import list_words
from matching.people.domains import list_addresses
from matching.people.fold import fold_people
from matching.people.rarity import weigh_names
from matching.people.tables import open_database, people_texts, store_people

NULL, NEXT = "\x1e", "\x1f"

_ready: dict[str, duckdb.DuckDBPyConnection] = {}  # at most one: a large one takes some hundred MB
_lock = Lock()


@contextmanager
def directory(people: pd.DataFrame) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a database with the tables of the people: `persons`, `aliases`, `owned`, `carried`, and others.

    Temporary tables made in it are the caller's own; others must not be made. Raises ValueError when a
    person_id is empty or comes twice.
    """
    con = _prepared(*people_texts(people)).cursor()
    try:
        yield con
    finally:
        con.close()


def forget() -> None:
    """Let go of the directory that is kept."""
    with _lock:
        _ready.clear()


def _prepared(persons: pd.DataFrame, aliases: pd.DataFrame) -> duckdb.DuckDBPyConnection:
    key = f"{digest(persons)} {digest(aliases)}"
    with _lock:
        if key not in _ready:
            _ready.clear()  # before the next one is made: two at once only while somebody reads the old one
            con = open_database()
            store_people(con, persons, aliases)
            for prepare in (fold_people, list_addresses, list_words, weigh_names):
                prepare(con)
            _ready[key] = con
        return _ready[key]


def digest(frame: pd.DataFrame) -> str:
    """Return a SHA-256 over columns, order and values: two frames that differ in any of them differ in it."""
    told = sha256()
    for name in frame.columns:
        column = frame[name]
        values = column.astype("object").where(column.notna(), NULL).tolist()
        if not _is_plain(values, int(column.isna().sum())):
            missing = zip(values, column.isna(), strict=True)
            values = [NULL if is_null else repr(value) for value, is_null in missing]  # marks are escaped
            told.update(b"repr ")
        told.update(f"{name} {len(values)} ".encode())
        told.update(NEXT.join(values).encode("utf-8", "surrogatepass"))
    return told.hexdigest()


def _is_plain(values: list[object], nulls: int) -> bool:
    """Say whether all values are texts, and the two marks are in none of them."""
    try:
        text = NEXT.join(values)  # type: ignore[arg-type]  # what is no text is told by the error
    except TypeError:
        return False
    return text.count(NEXT) == max(len(values) - 1, 0) and text.count(NULL) == nulls
