"""Looks for secrets in everything a folder holds, packed or not, and names the place but never the secret.

What it reads of a file: its bytes as they are (in SQLite that includes deleted rows and the WAL); what they
unpack to (gzip of many members, zip, zlib); every column of every table of a DuckDB or SQLite file, DuckDB's
views, comments and settings, Parquet's columns; and what is packed in text: base64, in lines or within JSON,
pickles in it. What it can't open is reported: a file that nobody read was not searched.
"""

import base64
import binascii
import gzip
import io
import json
import re
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, quote_plus

import duckdb

DEPTH = 4  # of packing within packing
# one word, or lines of 76 as Python's base64.encodebytes writes them, as they are or within JSON
_PACKED_TEXT = re.compile(
    rb"(?:[A-Za-z0-9+/]{76}(?:\\n|\r?\n))+[A-Za-z0-9+/]*={0,2}|[A-Za-z0-9+/_-]{24,}={0,2}"
)
_LINE_END = re.compile(rb"\\n|\r?\n")
_GZIP, _ZIP, _ZLIB = b"\x1f\x8b", b"PK\x03\x04", (b"\x78\x01", b"\x78\x9c", b"\x78\xda")
_PACKED = (_GZIP, _ZIP, *_ZLIB)
_PARQUET, _SQLITE = b"PAR1", b"SQLite format 3\0"


class Find(NamedTuple):
    """One place that holds a secret: its name in the list of secrets, the form, the file, and where in it."""

    secret: str
    form: str
    file: str
    place: str


class Unread(NamedTuple):
    """A file, or a part of one, that could not be opened; its bytes were searched all the same."""

    file: str
    reason: str


class Needles:
    """Named secrets in every form they may be written in."""

    def __init__(self, secrets: Mapping[str, str], *, ends: bool = True) -> None:
        """With `ends`, the beginning and the end of a long secret count too: it may have been cut."""
        self._what: dict[bytes, tuple[str, str]] = {}
        for name, secret in secrets.items():
            assert len(secret) >= 4, f"{name} is too short to look for"
            for form, text in _forms(secret, ends=ends and len(secret) >= 40):
                self._what.setdefault(text, (name, form))

    def within(self, content: bytes) -> set[tuple[str, str]]:
        """Return the (secret, form) pairs that the content holds."""
        return {what for text, what in self._what.items() if text in content}


def _forms(secret: str, *, ends: bool) -> Iterator[tuple[str, bytes]]:
    raw = secret.encode()
    yield "plain", raw
    if ends:
        yield "its beginning", raw[:20]
        yield "its end", raw[-20:]
    yield "URL-encoded", quote(secret, safe="").encode()
    yield "URL-encoded", quote_plus(secret).encode()
    yield "JSON-escaped", json.dumps(secret)[1:-1].encode()
    yield "UTF-16", secret.encode("utf-16-le")
    yield "hex", raw.hex().encode()
    yield "hex", raw.hex().upper().encode()
    for shift in range(3):  # what stands before the secret moves it within the groups of three bytes
        whole = base64.b64encode(bytes(shift) + raw)
        # the first and last characters depend on the neighbours
        inner = whole[(0, 2, 3)[shift] : len(whole) - (0, 3, 2)[(shift + len(raw)) % 3]]
        yield "base64", inner
        yield "base64", inner.translate(bytes.maketrans(b"+/", b"-_"))


class Search:
    """One search of a folder tree: what was found, and what could not be read."""

    def __init__(self, needles: Needles) -> None:
        self.needles = needles
        self.found: set[Find] = set()
        self.unread: list[Unread] = []
        self.files = 0
        self.places: set[str] = set()

    def tree(self, root: Path) -> "Search":
        """Search every file below a folder, names of files and targets of links included."""
        for path in sorted(root.rglob("*")):
            name = str(path.relative_to(root))
            self.look(name, "the name of the file", str(path.relative_to(root)).encode())
            if path.is_symlink():
                self.look(name, "the target of the link", str(path.readlink()).encode())
            elif path.is_file():
                self.file(path, name)
        return self

    def file(self, path: Path, name: str) -> None:
        """Search one file."""
        self.files += 1
        try:
            content = path.read_bytes()
        except OSError as error:
            self.unread.append(Unread(name, type(error).__name__))
            return
        self.content(name, "", content)
        try:
            for place, text in _tables(path, content):
                self.content(name, place, text, DEPTH - 1)
        except (duckdb.Error, sqlite3.Error) as error:
            self.unread.append(Unread(name, f"{type(error).__name__} on opening it"))

    def text(self, name: str, said: str) -> None:
        """Search what a process said."""
        self.content(name, "", said.encode())

    def look(self, name: str, place: str, content: bytes) -> None:
        """Search bytes as they are."""
        self.places.add(place)
        for secret, form in self.needles.within(content):
            self.found.add(Find(secret, form, name, place))

    def content(self, name: str, place: str, content: bytes, depth: int = DEPTH) -> None:
        """Search bytes as they are, and all that is packed in them."""
        self.look(name, place or "its bytes", content)
        if depth == 0:
            return
        try:
            for inner, text in _unpacked(content):
                self.content(name, f"{place} › {inner}".removeprefix(" › "), text, depth - 1)
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
            self.unread.append(Unread(name, f"{type(error).__name__} on unpacking {place or 'it'}"))


def _unpacked(content: bytes) -> Iterator[tuple[str, bytes]]:
    if content.startswith(_GZIP):
        with gzip.open(io.BytesIO(content)) as packed:  # reads all members
            yield "unpacked", packed.read()
    elif content.startswith(_ZIP):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for member in packed.namelist():
                yield member, packed.read(member)
    elif content.startswith(_ZLIB):
        yield "unpacked", zlib.decompress(content)
    elif not content.startswith((_SQLITE, _PARQUET)) and content[8:12] != b"DUCK":
        # results of Prefect are pickles as base64 in JSON
        decoded = [text for word in set(_PACKED_TEXT.findall(content)) if (text := _decoded(word))]
        for text in decoded:
            if text.startswith(_PACKED):
                yield "base64", text
        yield "base64", b"\n".join(decoded)


def _decoded(word: bytes) -> bytes | None:
    plain = _LINE_END.sub(b"", word).rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
    try:
        return base64.b64decode(plain + b"=" * (-len(plain) % 4))
    except binascii.Error:
        return None


def _tables(path: Path, content: bytes) -> Iterator[tuple[str, bytes]]:
    if content.startswith(_SQLITE):
        yield from _sqlite(path)
    elif content[8:12] == b"DUCK":
        yield from _duckdb(path)
    elif content.startswith(_PARQUET):
        with duckdb.connect() as con:
            columns = con.read_parquet(str(path))
            for name in columns.columns:
                yield f"column {name}", _joined(columns.select(_ref(name)).fetchall())


def _sqlite(path: Path) -> Iterator[tuple[str, bytes]]:
    with tempfile.TemporaryDirectory() as aside:  # opening folds the WAL in, and what we search is evidence
        copy = Path(aside) / path.name
        for part in path.parent.glob(f"{path.name}*"):
            shutil.copy(part, aside)
        with closing(sqlite3.connect(copy)) as con:
            con.text_factory = bytes
            tables = con.execute("select name, sql from sqlite_master where type = 'table'").fetchall()
            for name, _sql in tables:
                table = name.decode()
                rows = con.execute(f"select * from {_ref(table)}")
                columns = [column[0] for column in rows.description]
                values = rows.fetchall()
                for at, column in enumerate(columns):
                    yield f"table {table}, column {column}", _joined((row[at],) for row in values)


def _duckdb(path: Path) -> Iterator[tuple[str, bytes]]:
    with duckdb.connect(str(path), read_only=True) as con:
        for catalogue in (
            "duckdb_tables",
            "duckdb_views",
            "duckdb_columns",
            "duckdb_settings",
            "duckdb_constraints",
            "duckdb_functions",
        ):
            rows = con.execute(f"select t::text from {catalogue}() t").fetchall()
            yield f"catalogue {catalogue}", _joined(rows)
        columns = con.execute(
            "select schema_name, table_name, column_name, "
            "table_name in (select view_name from duckdb_views()) "
            "from duckdb_columns() where not internal order by all"
        ).fetchall()
        for schema, table, column, is_view in columns:
            kind = "view" if is_view else "table"
            rows = con.execute(
                f"select distinct {_ref(column)}::text from {_ref(schema)}.{_ref(table)}"
            ).fetchall()
            yield f"{kind} {schema}.{table}, column {column}", _joined(rows)


def _ref(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _joined(rows: object) -> bytes:
    texts = []
    for (value,) in rows:  # type: ignore[attr-defined]
        if isinstance(value, bytes):
            texts.append(value)
        elif value is not None:
            texts.append(str(value).encode())
    return b"\n".join(texts)
