"""The search finds a secret wherever one is planted, and says where; it never says the secret."""

import base64
import gzip
import json
import pickle
import sqlite3
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import duckdb
import pytest

from tests.reliability.secrets_search import Needles, Search

TOKEN = "EAAB|planted/token+of=60 characters~0123456789abcdefghijklmnop"
Plant = Callable[[Path], object]


def searched(folder: Path) -> Search:
    return Search(Needles({"the token": TOKEN})).tree(folder)


def in_sqlite(*statements: str) -> Plant:
    def plant(path: Path) -> None:
        with closing(sqlite3.connect(path)) as con:
            for statement in statements:
                con.execute(statement, {"token": TOKEN} if ":token" in statement else {})
            con.commit()

    return plant


def in_duckdb(*statements: str) -> Plant:
    def plant(path: Path) -> None:
        with duckdb.connect(str(path)) as con:
            for statement in statements:
                con.execute(statement.replace(":token", f"'{TOKEN}'"))

    return plant


def in_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("inner/notes.txt", f"{'x' * 100} {TOKEN}")


ROW = json.dumps(
    {"id": "1", "next": f"https://graph.test/?after=x&access_token={quote(TOKEN, safe='')}"}
).encode()
PLANTS: dict[str, tuple[str, Plant, str]] = {
    "a row of raw answers": (
        "owned_pages.ndjson.gz",
        lambda p: p.write_bytes(gzip.compress(b'{"id":"0"}\n') + gzip.compress(ROW)),
        "unpacked",
    ),
    "a table of DuckDB": (
        "warehouse.duckdb",
        in_duckdb("create table hubs (hub text, note text)", "insert into hubs values ('agency', :token)"),
        "table main.hubs, column note",
    ),
    "a nested value of DuckDB": (
        "warehouse.duckdb",
        in_duckdb("create table runs as select {'at': 1, 'headers': [:token]} as facts"),
        "table main.runs, column facts",
    ),
    "a view of DuckDB": (
        "snapshot.duckdb",
        in_duckdb("create view v as select 1 as one where 'x' <> :token"),
        "catalogue duckdb_views",
    ),
    "a comment of DuckDB": (
        "snapshot.duckdb",
        in_duckdb("create table t (a int)", "comment on column t.a is :token"),
        "catalogue duckdb_columns",
    ),
    "Prefect's log": (
        "prefect.db",
        in_sqlite("create table log (message text)", "insert into log values ('sent ' || :token)"),
        "table log, column message",
    ),
    "an artifact": (
        "prefect.db",
        in_sqlite(
            "create table artifact (data json)", "insert into artifact values (json_object('a', :token))"
        ),
        "table artifact, column data",
    ),
    "a blob of SQLite": (
        "ledger.db",
        in_sqlite("create table b (body blob)", "insert into b values (cast(:token as blob))"),
        "table b, column body",
    ),
    "a deleted row of SQLite": (
        "ledger.db",
        in_sqlite(
            "pragma secure_delete = off",
            "create table t (a text)",
            "insert into t values ('kept')",
            "insert into t values (:token)",
            "delete from t where a <> 'kept'",
        ),
        "its bytes",
    ),
    "a persisted result": (
        "0f3c",
        lambda p: p.write_bytes(base64.encodebytes(pickle.dumps({"access": ["x" * 70, TOKEN]}))),
        "base64",
    ),
    "a result within JSON": (
        "0f3d",
        lambda p: p.write_text(
            json.dumps(
                {"metadata": 1, "result": base64.encodebytes(pickle.dumps(["y" * 99, TOKEN])).decode()}
            )
        ),
        "base64",
    ),
    "a packed result": (
        "0f3e",
        lambda p: p.write_bytes(base64.b64encode(zlib.compress(b"z" * 90 + TOKEN.encode()))),
        "base64 › unpacked",
    ),
    "a line of a log": (
        "check.log",
        lambda p: p.write_text(f"10:00 asked with Bearer {TOKEN}\n"),
        "its bytes",
    ),
    "a cut line of a log": (
        "check.log",
        lambda p: p.write_text(f"Malformed token {TOKEN[:24]}...\n"),
        "its bytes",
    ),
    "a URL": ("check.log", lambda p: p.write_text(f"GET /?t={quote(TOKEN, safe='')}"), "its bytes"),
    "hex": ("dump.txt", lambda p: p.write_text(TOKEN.encode().hex()), "its bytes"),
    "the pointer file": ("latest.json", lambda p: p.write_text(json.dumps({"masked": TOKEN})), "its bytes"),
    "a zip": ("support.zip", in_zip, "inner/notes.txt"),
    "Parquet": (
        "rows.parquet",
        lambda p: duckdb.sql(f"select '{TOKEN}' as note from range(100)").write_parquet(str(p)),
        "column note",
    ),
    "the name of a file": (quote(TOKEN, safe=""), lambda p: p.touch(), "the name of the file"),
    "the target of a link": (
        "latest",
        lambda p: p.symlink_to(TOKEN.replace("/", "%2F")),
        "the target of the link",
    ),
    **{
        f"base64 after {shift} bytes": (
            "state.txt",
            lambda p, shift=shift: p.write_text(
                f"v1.{base64.b64encode(b'abc'[:shift] + TOKEN.encode()).decode()}.s"
            ),
            "its bytes",
        )
        for shift in range(3)
    },
}


@pytest.mark.parametrize("where", PLANTS)
def test_a_planted_secret_is_found_and_its_place_is_named(where: str, tmp_path: Path) -> None:
    name, plant, place = PLANTS[where]
    (tmp_path / "home").mkdir()
    plant(tmp_path / "home" / name)

    search = searched(tmp_path)

    assert ("the token", f"home/{name}", place) in {(f.secret, f.file, f.place) for f in search.found}
    assert TOKEN not in str([f._replace(file="") for f in search.found])
    assert search.unread == []


def test_a_row_in_the_wal_alone_is_found(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "prefect.db")) as con:
        con.execute("pragma journal_mode = wal")
        con.execute("create table log (message text)")
        con.execute("insert into log values (?)", (TOKEN,))
        con.commit()

        found = {(find.file, find.place) for find in searched(tmp_path).found}

    assert {("prefect.db-wal", "its bytes"), ("prefect.db", "table log, column message")} <= found


def test_a_file_that_cannot_be_opened_is_reported_and_searched_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "cut.gz").write_bytes(gzip.compress(b"0123456789" * 1000)[:-9])
    (tmp_path / "broken.duckdb").write_bytes(b"\0" * 8 + b"DUCK" + b"\1" * 5000 + TOKEN.encode())
    (tmp_path / "broken.db").write_bytes(b"SQLite format 3\0" + b"\1" * 5000)

    search = searched(tmp_path)

    assert {one.file for one in search.unread} == {"cut.gz", "broken.duckdb", "broken.db"}
    assert ("broken.duckdb", "its bytes") in {(find.file, find.place) for find in search.found}


def test_what_holds_no_secret_is_silent(tmp_path: Path) -> None:
    in_duckdb("create table t as select range::text as a from range(1000)")(tmp_path / "w.duckdb")
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"EAAB and the rest of it"))

    search = searched(tmp_path)

    assert (search.found, search.unread, search.files) == (set(), [], 2)
