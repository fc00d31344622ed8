"""Members, people and decisions from files: CSV or Parquet, with no hub."""

import warnings
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pandas as pd
from pandas.errors import EmptyDataError, ParserError, ParserWarning

from tasks.errors import InputError

MEMBER_COLUMNS = ("member_id", "name", "email", "first_name", "last_name", "role")
PERSON_COLUMNS = (
    "person_id", "user_name", "given_name", "family_name", "display_name", "primary_email", "aliases",
    "status", "kind",
)  # fmt: skip
DECISION_COLUMNS = ("kind", "member_id", "person_id")
LIST = "aliases"
NAMED = 10  # ids in an error's message


def read_members(path: Path) -> pd.DataFrame:
    """Return one row per member with those of MEMBER_COLUMNS that the file has, all text."""
    frame = _read(path, MEMBER_COLUMNS)
    if not {"name", "first_name", "last_name", "email"} & set(frame.columns):
        raise InputError(f"{path} has neither a column name nor email")
    return frame


def read_decisions(path: Path) -> pd.DataFrame:
    """Return one row per decision: kind (link or reject), member_id, person_id, all text."""
    frame = _read_table(path, DECISION_COLUMNS)
    if missing := set(DECISION_COLUMNS) - set(frame.columns):
        raise InputError(f"{path} has no column {', '.join(sorted(missing))}")
    kinds = set(frame["kind"].fillna("")) - {"link", "reject"}
    if kinds:
        raise InputError(f"{path} has a kind {min(kinds)[:80]!r}; it must be link or reject")
    if frame.isna().to_numpy().any():
        raise InputError(f"{path} has empty cells: each decision has a kind, a member_id and a person_id")
    return frame


def read_people(path: Path) -> pd.DataFrame:
    """Return one row per person with those of PERSON_COLUMNS that the file has; aliases are lists."""
    return _read(path, PERSON_COLUMNS)


def _read_table(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Return those of the columns that the file has, all text, aliases as lists."""
    if not path.is_file():
        raise InputError(f"{path} is not a file")
    return _read_csv(path, columns) if ending(path) == ".csv" else _read_parquet(path, columns)


def _read(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Return those of the columns that the file has; the first is the id, and must be whole and unique."""
    frame = _read_table(path, columns)
    if columns[0] not in frame.columns:
        commas = "" if len(frame.columns) else ": its columns must be separated by commas"
        raise InputError(f"{path} has no column {columns[0]}{commas if ending(path) == '.csv' else ''}")
    ids = frame[columns[0]]
    empty = int((ids.isna() | (ids == "")).sum())
    if empty:
        first = int((ids.isna() | (ids == "")).to_numpy().argmax()) + 1
        raise InputError(f"{path} has {empty} rows with an empty {columns[0]}; the first is row {first}")
    twice = sorted(set(ids[ids.duplicated()]))
    if twice:
        more = f" and {len(twice) - NAMED} more" if len(twice) > NAMED else ""
        named = ", ".join(value[:80] for value in twice[:NAMED])
        raise InputError(f"{path} has the same {columns[0]} more than once: {named}{more}")
    return frame


def _read_csv(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Read comma-separated text in UTF-8.

    By pandas, not DuckDB: DuckDB 2.0 refuses files whose line ends differ, and with `parallel = false`
    it drops a last record whose quotes are not closed, without a word.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", ParserWarning)  # rows longer than the header would be cut
            frame = pd.read_csv(
                path,
                dtype="str",
                keep_default_na=False,
                na_values=[""],
                index_col=False,
                encoding="utf-8-sig",
            )
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path} is not UTF-8: save it as UTF-8 (byte {error.start} can't be read)"
        ) from error
    except EmptyDataError as error:
        raise InputError(f"{path} is empty") from error
    except (ParserError, ParserWarning, OSError) as error:
        raise InputError(f"{path} is not a table of comma-separated values: {one_line(error)}") from error
    _require_once(path, columns)
    # Not `usecols`: with it pandas cuts rows that are longer than the header, without a word.
    named = _named(path, frame[[name for name in frame.columns if name.strip().lower() in columns]])
    if LIST in named.columns:
        named[LIST] = named[LIST].str.split(";")
    return named


def _require_once(path: Path, columns: Sequence[str]) -> None:
    """Raise where the header has one of our columns twice: pandas would give the second another name."""
    header = pd.read_csv(path, header=None, nrows=1, dtype="str", encoding="utf-8-sig", keep_default_na=False)
    names = header.iloc[0].str.strip().str.lower()
    twice = names[names.isin(columns) & names.duplicated()]
    if len(twice):
        raise InputError(f"{path} has the column {twice.iloc[0]} more than once")


def _read_parquet(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    try:
        with duckdb.connect() as con:
            table = con.read_parquet(str(path))
            types = dict(zip(table.columns, (str(kind) for kind in table.types), strict=True))
            wanted = [name for name in types if name.strip().lower() in columns]
            if not wanted:
                return pd.DataFrame()
            frame = table.project(", ".join(_text(name, types[name]) for name in wanted)).df()
    except duckdb.Error as error:
        raise InputError(f"{path} is not a Parquet file that can be read: {one_line(error)}") from error
    return _named(path, frame)


def _text(name: str, kind: str) -> str:
    """Return SQL for one of our columns as text, aliases as a list of texts; the name is quoted."""
    if kind in {"DOUBLE", "FLOAT"}:  # as pandas writes whole numbers where some are missing
        return f'case when not isnan("{name}") then cast("{name}" as varchar) end as "{name}"'
    if name.strip().lower() != LIST:
        return f'cast("{name}" as varchar) as "{name}"'
    if kind.endswith("[]"):
        return f'cast("{name}" as varchar[]) as "{name}"'
    return f"""string_split(cast("{name}" as varchar), ';') as "{name}\""""


def _named(path: Path, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with its columns as we write them."""
    named = frame.rename(columns=lambda name: str(name).strip().lower())
    twice = named.columns[named.columns.duplicated()]
    if len(twice):
        raise InputError(f"{path} has the column {twice[0]} more than once")
    return named


def ending(path: Path) -> str:
    ending = path.suffix.lower()
    if ending not in {".csv", ".parquet"}:
        raise InputError(f"{path} must end in .csv or .parquet")
    return ending


def one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
