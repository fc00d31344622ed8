"""Members, people and decisions from files: CSV or Parquet, with no hub."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from tasks.errors import InputError

if TYPE_CHECKING:  # whoever reads Parquet and wants no frame doesn't wait for pandas
    import pandas as pd

MEMBER_COLUMNS = ("member_id", "name", "email", "first_name", "last_name", "role")
PERSON_COLUMNS = (
    "person_id", "user_name", "given_name", "family_name", "display_name", "primary_email", "aliases",
    "status", "kind",
)  # fmt: skip
DECISION_COLUMNS = ("kind", "member_id", "person_id")
LIST = "aliases"
NAMED = 10  # ids in an error's message


def read_members(path: Path) -> pd.DataFrame:
    """Return what `load_members` loads."""
    with duckdb.connect() as con:
        load_members(con, path, "members")
        frame: pd.DataFrame = con.table("members").df()
    return frame


def read_people(path: Path) -> pd.DataFrame:
    """Return what `load_people` loads."""
    with duckdb.connect() as con:
        load_people(con, path, "people")
        frame: pd.DataFrame = con.table("people").df()
    return frame


def read_decisions(path: Path) -> pd.DataFrame:
    """Return one row per decision: kind (link or reject), member_id, person_id, all text."""
    with duckdb.connect() as con:
        _load(con, path, "decisions", DECISION_COLUMNS)
        frame: pd.DataFrame = con.table("decisions").df()
    if missing := set(DECISION_COLUMNS) - set(frame.columns):
        raise InputError(f"{path} has no column {', '.join(sorted(missing))}")
    kinds = set(frame["kind"].fillna("")) - {"link", "reject"}
    if kinds:
        raise InputError(f"{path} has a kind {min(kinds)[:80]!r}; it must be link or reject")
    if frame.isna().to_numpy().any():
        raise InputError(f"{path} has empty cells: each decision has a kind, a member_id and a person_id")
    return frame


def load_members(con: duckdb.DuckDBPyConnection, path: Path, table: str) -> None:
    """Create a table of one row per member with those of MEMBER_COLUMNS that the file has, all text."""
    _load(con, path, table, MEMBER_COLUMNS)
    if not {"name", "first_name", "last_name", "email"} & set(con.table(table).columns):
        raise InputError(f"{path} has neither a column name nor email")
    _require_ids(con, path, table, "member_id")


def load_people(con: duckdb.DuckDBPyConnection, path: Path, table: str) -> None:
    """Create a table of one row per person with those of PERSON_COLUMNS that the file has; aliases are
    lists."""
    _load(con, path, table, PERSON_COLUMNS)
    _require_ids(con, path, table, "person_id")


def _load(con: duckdb.DuckDBPyConnection, path: Path, table: str, columns: Sequence[str]) -> None:
    """Create a table of those of the columns that the file has, all text, aliases as lists."""
    if not path.is_file():
        raise InputError(f"{path} is not a file")
    if ending(path) == ".csv":
        frame = _read_csv(path, columns)
        if frame.columns.empty:
            raise InputError(f"{path} has no column {columns[0]}: its columns must be separated by commas")
        con.register("read", frame)
        _store(con, path, con.table("read"), table, columns)
        con.unregister("read")
        return
    try:
        _store(con, path, con.read_parquet(str(path)), table, columns)
    except duckdb.Error as error:
        raise InputError(f"{path} is not a Parquet file that can be read: {one_line(error)}") from error


def _store(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    read: duckdb.DuckDBPyRelation,
    table: str,
    columns: Sequence[str],
) -> None:
    """Create a table of those of the columns that were read, named as we write them."""
    types = dict(zip(read.columns, (str(kind) for kind in read.types), strict=True))
    wanted = [name for name in types if name.strip().lower() in columns]
    names = [name.strip().lower() for name in wanted]
    if twice := [name for name in names if names.count(name) > 1]:
        raise InputError(f"{path} has the column {twice[0]} more than once")
    if columns[0] not in names:
        raise InputError(f"{path} has no column {columns[0]}")
    read.project(", ".join(_text(name, types[name]) for name in wanted)).create(table)


def _require_ids(con: duckdb.DuckDBPyConnection, path: Path, table: str, column: str) -> None:
    """Raise where an id is empty or comes twice."""
    nowhere = f"select count(*), min(rowid) + 1 from {table} where coalesce({column}, '') = ''"  # noqa: S608
    empty, first = con.execute(nowhere).fetchall()[0]
    if empty:
        raise InputError(f"{path} has {empty} rows with an empty {column}; the first is row {first}")
    again = f"select {column} from {table} group by {column} having count(*) > 1 order by {column}"  # noqa: S608
    twice = [value for (value,) in con.execute(again).fetchall()]
    if twice:
        more = f" and {len(twice) - NAMED} more" if len(twice) > NAMED else ""
        named = ", ".join(value[:80] for value in twice[:NAMED])
        raise InputError(f"{path} has the same {column} more than once: {named}{more}")


def _read_csv(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Return comma-separated text in UTF-8: those of the columns that are there, as they are named there.

    By pandas, not DuckDB: DuckDB 2.0 refuses files whose line ends differ, and with `parallel = false`
    it drops a last record whose quotes are not closed, without a word.
    """
    import pandas as pd
    from pandas.errors import EmptyDataError, ParserError, ParserWarning

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
    return frame[[name for name in frame.columns if name.strip().lower() in columns]]


def _require_once(path: Path, columns: Sequence[str]) -> None:
    """Raise where the header has one of our columns twice: pandas would give the second another name."""
    import pandas as pd

    header = pd.read_csv(path, header=None, nrows=1, dtype="str", encoding="utf-8-sig", keep_default_na=False)
    names = header.iloc[0].str.strip().str.lower()
    twice = names[names.isin(columns) & names.duplicated()]
    if len(twice):
        raise InputError(f"{path} has the column {twice.iloc[0]} more than once")


def _text(name: str, kind: str) -> str:
    """Return SQL for one of our columns as text, aliases as a list of texts; the name is quoted."""
    ours = name.strip().lower()
    if kind in {"DOUBLE", "FLOAT"}:  # as pandas writes whole numbers where some are missing
        return f'case when not isnan("{name}") then cast("{name}" as varchar) end as {ours}'
    if ours != LIST:
        return f'cast("{name}" as varchar) as {ours}'
    if kind.endswith("[]"):
        return f'cast("{name}" as varchar[]) as {ours}'
    return f"""string_split(cast("{name}" as varchar), ';') as {ours}"""


def ending(path: Path) -> str:
    ending = path.suffix.lower()
    if ending not in {".csv", ".parquet"}:
        raise InputError(f"{path} must end in .csv or .parquet")
    return ending


def one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
