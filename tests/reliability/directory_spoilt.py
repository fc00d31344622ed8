"""The ways in which a directory file spoils, and what a read of each must come to."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

HEADER = "person_id,display_name,primary_email,aliases,department,status"
NAMES = (
    "Ana Ruiz",
    "Ben Okafor",
    "Cleo Marsh",
    "Dan Ito",
    "Eva Lind",
    "Finn Roth",
    "Gia Conti",
    "Hugo Vance",
)
PEOPLE = [
    [
        f"p{n}",
        name,
        f"{name.lower().replace(' ', '.')}@northwind.example",
        f"a{n}@northwind.example",
        "Ops",
        "active",
    ]
    for n, name in enumerate(NAMES, 1)
]
PEOPLE[-1][-1] = "deprovisioned"  # Hugo left: whatever is cut, he must not be active again
ROWS = [",".join(person) for person in PEOPLE]
CLEAN = "\n".join([HEADER, *ROWS]) + "\n"
_HUGO = ROWS[-1]


@dataclass(frozen=True, slots=True)
class Spoilt:
    """A file and what its read says: None is accepted and the same as the clean one."""

    name: str
    data: bytes
    says: str | None
    suffix: str = ".csv"

    def __str__(self) -> str:
        return self.name


def _text(name: str, text: str, says: str | None, suffix: str = ".csv", encoding: str = "utf-8") -> Spoilt:
    return Spoilt(name, text.encode(encoding), says, suffix)


def _each(change: Callable[[list[str]], list[str]]) -> str:
    return "\n".join(",".join(change(line.split(","))) for line in CLEAN.splitlines()) + "\n"


def _hugo(row: str, end: str = "") -> str:
    return CLEAN.replace(_HUGO + "\n", row + end)


def _hole(at: int, size: int = 40) -> bytes:
    data = CLEAN.encode()
    return data[:at] + b"\0" * size + data[at + size :]


CUT = [
    _text("cut after the id", _hugo("p8"), "1 field in line 9"),
    _text("cut after the id's comma", _hugo("p8,"), "2 fields in line 9"),
    _text("cut within a name", _hugo("p8,Hugo"), "2 fields in line 9"),
    _text("cut before the status' comma", _hugo(_HUGO.rpartition(",")[0]), "5 fields in line 9"),
    _text("cut before the status", _hugo(_HUGO.rpartition(",")[0] + ","), "before the status"),
    _text("cut within the status", _hugo(_HUGO[:-10]), "unknown status in 1 rows"),
    _text("a short row that has a line end", _hugo("p8,Hugo Vance", "\n"), "2 fields in line 9"),
    _text("a short row in the middle", CLEAN.replace(ROWS[3], "p4"), "1 field in line 5"),
    _text("cut within the header", "person_id,displ", "neither primary_email"),
    _text("cut after the header", HEADER + "\n", "no people"),
    _text("cut after half of the people", "\n".join([HEADER, *ROWS[:4]]) + "\n", "4 fewer than"),
    _text("no line end at the end", CLEAN.rstrip("\n"), None),
]
_CLEO, _DAN = ROWS[2], ROWS[3]
_QUOTED = CLEAN.replace(_CLEO, _CLEO.replace("Ops", '"Ops')).replace(_DAN, _DAN.replace("Ops", 'Ops"'))
DAMAGED = [
    Spoilt("no bytes", b"", "is empty"),
    _text("blanks", " \n\t\n  ", "is empty"),
    Spoilt("a hole in the first row", _hole(len(HEADER) + 5), "zero bytes in line 2"),
    Spoilt("a hole over whole rows", _hole(CLEAN.index("p3"), len(ROWS[2]) + 1), "zero bytes in line 4"),
    Spoilt("a hole at the end", CLEAN.encode() + b"\0" * 4096, "zero bytes in line 10"),
    Spoilt("nothing but zeros", b"\0" * 4096, "zero bytes in line 1"),
    _text("latin-1", CLEAN.replace("Eva", "Éva"), "not UTF-8 in line 6", encoding="latin-1"),
    _text("cp1252", CLEAN.replace("Eva", "“Eva”"), "not UTF-8 in line 6", encoding="cp1252"),
    _text("utf-16 with its mark", CLEAN, None, encoding="utf-16"),
    _text("utf-16 without its mark", CLEAN, "zero bytes", encoding="utf-16-le"),
    Spoilt("utf-16 cut within a character", CLEAN.encode("utf-16")[:-1], "not UTF-16"),
    _text("a byte order mark", CLEAN, None, encoding="utf-8-sig"),
    _text("a page that says 502", "<!DOCTYPE html><html><body>Bad gateway</body></html>", "web page"),
    _text("a quote that is not closed", CLEAN.replace("Cleo", '"Cleo'), "quote is not closed"),
    _text(
        "a quote closed some rows later",
        CLEAN.replace("Cleo Marsh", '"Cleo').replace("Finn Roth", 'Finn"'),
        "quote",
    ),
    _text(
        "two rows in a quote",
        CLEAN.replace(",Cleo Marsh", ',"Cleo Marsh').replace(",Dan Ito,", ',Dan Ito",'),
        "whole rows within one field",
    ),
    _text("two rows in a quote, by the department", _QUOTED, "whole rows within one field"),
    _text("a field of 40 MB", _hugo("p8," + "x" * 40_000_000 + ",,,,active", "\n"), "field is longer"),
    _text("a last row of 40 MB", _hugo('p8,"' + "x\n" * 20_000_000), "field is longer"),
    _text(
        "a control character in an id", CLEAN.replace("p3", "p3\x1b[2J"), "control characters in person_id"
    ),
    _text("CR alone ends lines", CLEAN.replace("\n", "\r"), None),
    _text("mixed line ends", CLEAN.replace("\n", "\r\n", 3), None),
    _text("blank lines", CLEAN.replace("\n", "\n\n", 3) + "\n\n", None),
]
_SLIPPED = [f"p{n % 8 + 1},{row.partition(',')[2]}" for n, row in enumerate(ROWS, 1)]
_WRONG = "person_id,status,primary_email,aliases,department,display_name"
CHANGED = [
    _text("a header twice", HEADER + "\n" + CLEAN, "unknown status"),
    _text("a column twice", _each(lambda row: [*row, row[1]]), "one column twice, as the columns 2 and 7"),
    _text("status renamed", CLEAN.replace("status", "state"), "no values any more for status"),
    _text("status emptied", re.sub(",(active|deprovisioned)\n", ",\n", CLEAN), "for status"),
    _text("ids renamed", CLEAN.replace("person_id", "id"), "no values any more for person_id"),
    _text("no header", "\n".join(ROWS) + "\n", "neither primary_email"),
    _text("columns in another order", _each(lambda row: row[::-1]), None),
    _text("rows in another order", "\n".join([HEADER, *ROWS[::-1]]) + "\n", None),
    _text("semicolons", CLEAN.replace(",", ";"), None),
    _text("tabs", CLEAN.replace(",", "\t"), None),
    _text("every row twice", CLEAN + "\n".join(ROWS) + "\n", "16 rows that share their person_id"),
    _text("one row twice", CLEAN + ROWS[0] + "\n", "2 rows that share their person_id"),
    _text("re-keyed", CLEAN.replace("\np", "\nnew"), "re-keyed"),
    _text("ids slipped by one", "\n".join([HEADER, *_SLIPPED]) + "\n", "slipped against their ids"),
    _text("values under the wrong columns", CLEAN.replace(HEADER, _WRONG), "unknown status"),
]  # fmt: skip

_OBJECTS = [dict(zip(HEADER.split(","), person, strict=True)) for person in PEOPLE]
_ARRAY, _LINES = json.dumps(_OBJECTS), "".join(json.dumps(one) + "\n" for one in _OBJECTS)
_DEP = '"status": "deprovisioned"'


def _json(name: str, text: str, says: str | None) -> Spoilt:
    return _text(name, text, says, ".json")


JSON = [
    _json("an array", _ARRAY, None),
    _text("lines of objects", _LINES, None, ".ndjson"),
    _json("an array with lists", json.dumps([{**o, "aliases": [o["aliases"]]} for o in _OBJECTS]), None),
    _json("an array cut", _ARRAY[:-20], "not a readable json"),
    _json("an array cut between objects", _ARRAY[: _ARRAY.rindex("{")], "not a readable json"),
    _json("an array without its end", _ARRAY[:-1], "not a readable json"),
    _text("a line cut", _LINES[:-30], "not a readable json from line 8", ".ndjson"),
    _json("two files in one", _ARRAY + _ARRAY, "no object, in place 1"),
    _json("a field twice", _ARRAY.replace(_DEP, f'"status": "active", {_DEP}'), "one field twice"),
    _json("a field twice by case", _ARRAY.replace(_DEP, f'"Status": "active", {_DEP}'), "one column twice"),
    _json("not a number", _ARRAY.replace('"active"', "NaN", 1), "NaN or Infinity"),
    _json("an object for a status", _ARRAY.replace('"active"', '{"a": 1}', 1), "no text as status"),
    _json("a list for an address", _ARRAY.replace('"ana.ruiz@northwind.example"', "[]"), "as primary_email"),
    _json("a bomb of lists", "[" * 200_000, "nested too deeply"),
    _json("a bomb within a person", '[{"display_name":' * 100_000, "nested too deeply"),
    _json("a page", "<html>Sign in</html>", "web page"),
    _json("an error in JSON", '{"error": {"message": "token expired"}}', "neither primary_email"),
    _json("an empty array", "[]", "no people"),
    _json("a zero in a name", _ARRAY.replace("Cleo", "Cleo\\u0000"), "display_name of 1 rows: person 3"),
]  # fmt: skip


def parquet_cases(folder: Path) -> list[Spoilt]:
    """Return what becomes of a Parquet file of the same people."""
    with duckdb.connect() as con:
        con.execute(f"create table p ({HEADER.replace(',', ' text, ')} text)")
        con.executemany("insert into p values (?, ?, ?, ?, ?, ?)", PEOPLE)
        con.execute(f"copy p to '{folder}/clean.parquet'")
    whole = (folder / "clean.parquet").read_bytes()
    return [
        Spoilt("whole", whole, None, ".parquet"),
        Spoilt("without its end", whole[:-9], "not a readable parquet", ".parquet"),
        Spoilt("its first half", whole[: len(whole) // 2], "not a readable parquet", ".parquet"),
        Spoilt("a hole", whole[:40] + b"\0" * 60 + whole[100:], "not a readable parquet", ".parquet"),
        Spoilt("a CSV by another name", CLEAN.encode(), "not a readable parquet", ".parquet"),
        Spoilt("no bytes", b"", "is empty", ".parquet"),
    ]


SPOILT = [*CUT, *DAMAGED, *CHANGED, *JSON]
