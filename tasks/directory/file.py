"""People from a file: CSV, Parquet or JSON."""

import csv
import hashlib
import io
import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd

from tasks.directory.read import PEOPLE_COLUMNS, DirectoryRead
from tasks.directory.verdict import LastAccepted, lost_columns, re_keyed, verdict
from tasks.errors import DirectoryError

log = logging.getLogger(__name__)

LISTS = ("aliases", "groups")
KINDS = ("employee", "guest", "local_partner", "native_partner")
STATUSES = ("active", "suspended", "deprovisioned")  # `missing` is concluded, never read
_WITH_DEFAULTS = """
select * replace (
    coalesce(person_id, lower(primary_email)) as person_id,
    coalesce(lower(kind), 'employee') as kind,
    coalesce(lower(status), 'active') as status
)
from written
order by person_id
"""
_VALUES = ", ".join(f"sum(len({name}))" if name in LISTS else f"count({name})" for name in PEOPLE_COLUMNS)
_FILLED = f"select {_VALUES} from written"  # noqa: S608 - our own names
_DELIMITERS = (",", ";", "\t")


def read_people_file(
    path: Path,
    *,
    source: str,
    columns: Mapping[str, str],
    absence: str,
    max_age_h: float,
    now: datetime,
    last: LastAccepted | None,
) -> DirectoryRead:
    """Return the file's people with the verdict on the read: accepted, or refused with the reason.

    `columns` maps our names to the file's. A file that can't be read is a refused read without people,
    never an error: the last accepted read stays in use. Times are UTC; `made_at` is the file's own.
    """
    try:
        made_at = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
        digest = _sha256(path)
        people, filled = _parse(path, columns)
    except (DirectoryError, OSError) as error:
        refusal = str(error) if isinstance(error, DirectoryError) else f"can't be read: {error.strerror}"
        log.warning("directory source %s refused: %s", source, refusal)
        return DirectoryRead(source, now, now, False, refusal, "", absence, _nobody())
    reason = verdict(len(people), made_at, now=now, max_age=timedelta(hours=max_age_h), last=last)
    reason = reason or lost_columns(filled, last) or re_keyed(people["person_id"].tolist(), last)
    return DirectoryRead(source, now, made_at, reason is None, reason, digest, absence, people, filled)


def parse_people(path: Path, columns: Mapping[str, str]) -> pd.DataFrame:
    """Return one row per person with `PEOPLE_COLUMNS`, in the order of person_id.

    Missing text is NaN; aliases and groups are lists. Raises DirectoryError, naming what is wrong, when the
    file can't be parsed, or has people without an id, twice the same id, or a kind or status that is unknown:
    a status that is not understood must neither keep somebody in nor put somebody out.
    """
    return _parse(path, columns)[0]


def _parse(path: Path, columns: Mapping[str, str]) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return what `parse_people` does, and which columns have values."""
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'")
        try:
            raw = _relation(con, path)
            con.execute(f"create temp table written as {_written(raw, columns)}")
            people = con.execute(_WITH_DEFAULTS).df()
            counts = con.execute(_FILLED).fetchone() or ()
        except duckdb.Error as error:
            first_line = str(error).strip().splitlines()[0]
            raise DirectoryError(
                f"is not a readable {path.suffix.lstrip('.') or 'file'}: {first_line}"
            ) from error
    _check_people(people)
    return people, tuple(name for name, count in zip(PEOPLE_COLUMNS, counts, strict=True) if count)


def _relation(con: duckdb.DuckDBPyConnection, path: Path) -> duckdb.DuckDBPyRelation:
    match path.suffix.lower():
        case ".csv" | ".tsv" | ".txt":
            return _csv(con, path)
        case ".parquet":
            return con.read_parquet(str(path))
        case ".json" | ".ndjson" | ".jsonl":
            return _json(con, path)
        case other:
            raise DirectoryError(f"is a {other or 'file without ending'}; it must be .csv, .parquet or .json")


def _csv(con: duckdb.DuckDBPyConnection, path: Path) -> duckdb.DuckDBPyRelation:
    """Open a CSV file by its header alone: guessing from rows would let a name with a comma decide."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            header = file.readline(1_000_000)
        except UnicodeDecodeError as error:
            raise DirectoryError("is not UTF-8; save it as UTF-8") from error
    if not header.strip():
        raise DirectoryError("is empty")
    try:
        splits = [(d, next(csv.reader(io.StringIO(header), delimiter=d), [])) for d in _DELIMITERS]
    except csv.Error as error:
        raise DirectoryError(f"has a first line that is no header: {error}") from error
    delimiter, written = max(splits, key=lambda split: len(split[1]))
    # a column without a name is what a comma at the end of every line leaves
    names = [name.strip() or f"(column {place})" for place, name in enumerate(written, 1)]
    folded = [name.casefold() for name in names]
    if twice := sorted({name for name in names if folded.count(name.casefold()) > 1}):
        raise DirectoryError(f"has the column {twice[0]!r} twice")
    return con.read_csv(
        str(path), auto_detect=False, header=True, columns=dict.fromkeys(names, "VARCHAR"), sep=delimiter,
        quotechar='"', escapechar='"', null_padding=False, strict_mode=True, encoding="utf-8",
    )  # fmt: skip


def _json(con: duckdb.DuckDBPyConnection, path: Path) -> duckdb.DuckDBPyRelation:
    """Open a JSON file with every field as text: what looks like a number, a date or a UUID stays as written.

    All rows are asked for their fields: a status that only the last ones have counts as well.
    """
    guessed = con.read_json(str(path), sample_size=-1)
    kinds = {
        name: "VARCHAR[]" if str(kind).endswith("[]") else "VARCHAR"
        for name, kind in zip(guessed.columns, guessed.types, strict=True)
    }
    return con.read_json(str(path), columns=kinds)


def _written(raw: duckdb.DuckDBPyRelation, columns: Mapping[str, str]) -> str:
    """Return SQL over `raw` that renames, trims and types; names are quoted identifiers, never values."""
    types = {name.casefold(): (name, str(kind)) for name, kind in zip(raw.columns, raw.types, strict=True)}
    if unknown := sorted(set(columns) - set(PEOPLE_COLUMNS)):
        raise DirectoryError(
            f"[directory.columns] knows no {unknown[0]!r}; it knows: {', '.join(PEOPLE_COLUMNS)}"
        )
    chosen: dict[str, str] = {}
    for ours in PEOPLE_COLUMNS:
        theirs = columns.get(ours, ours)
        if theirs.casefold() in types:
            chosen[ours] = _typed(ours, *types[theirs.casefold()])
        elif ours in columns:
            raise DirectoryError(f"has no column {theirs!r}, which [directory.columns] names for {ours}")
        else:
            chosen[ours] = "cast([] as varchar[])" if ours in LISTS else "cast(null as varchar)"
    if not {"primary_email", "display_name"} & {
        o for o in PEOPLE_COLUMNS if columns.get(o, o).casefold() in types
    }:
        found = ", ".join(raw.columns[:12])
        raise DirectoryError(f"has neither primary_email nor display_name; its columns are: {found}")
    body = ", ".join(f"{sql} as {name}" for name, sql in chosen.items())
    return f"select {body} from raw"  # noqa: S608 - identifiers only, quoted by _typed


def _typed(ours: str, theirs: str, kind: str) -> str:
    column = '"' + theirs.replace('"', '""') + '"'
    if ours not in LISTS:
        return f"nullif(trim(cast({column} as varchar)), '')"
    pieces = column if kind.endswith("[]") else f"string_split(coalesce(cast({column} as varchar), ''), ';')"
    trimmed = f"list_transform(coalesce({pieces}, []), lambda x: trim(cast(x as varchar)))"
    return f"list_filter({trimmed}, lambda x: x is not null and x <> '')"


def _check_people(people: pd.DataFrame) -> None:
    """Raise DirectoryError on what must not be guessed at; values stay out, since reasons are logged."""
    ids = people["person_id"]
    if missing := int(ids.isna().sum()):
        raise DirectoryError(f"has {missing} people without person_id and primary_email")
    if twice := int(ids.duplicated(keep=False).sum()):
        raise DirectoryError(f"has {twice} rows that share their person_id with another")
    for column, known in (("kind", KINDS), ("status", STATUSES)):
        if unknown := int((~people[column].isin(known)).sum()):
            raise DirectoryError(
                f"has an unknown {column} in {unknown} rows; it must be one of: {', '.join(known)}"
            )


def _nobody() -> pd.DataFrame:
    return pd.DataFrame(
        {name: pd.Series(dtype="object" if name in LISTS else "str") for name in PEOPLE_COLUMNS}
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
