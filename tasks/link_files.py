"""Match two files with no hub and no server: read them, match, write who each member is."""

import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd
from pandas.errors import EmptyDataError, ParserError, ParserWarning

from matching.people.link import Matched, Policy, match_people
from tasks.errors import InputError

MEMBER_COLUMNS = ("member_id", "name", "email", "first_name", "last_name", "role")
PERSON_COLUMNS = (
    "person_id", "user_name", "given_name", "family_name", "display_name", "primary_email", "aliases",
    "status", "kind",
)  # fmt: skip
LIST = "aliases"
NAMED = 10  # ids in an error's message

# One row per member. Numbers have a fixed number of places, so that equal results are equal files.
OUTCOMES_AS_TEXT = """
select member_id, outcome, person_id, rule::varchar as rule,
       printf('%.9f', posterior) as posterior, printf('%.6f', score) as score, reason
from outcomes
order by member_id
"""

OUTCOMES = """
select member_id, outcome, person_id::varchar as person_id, rule::varchar as rule, posterior, score, reason
from outcomes
order by member_id
"""

# One row per (member, rank); evidence is a JSON list of what was compared, in the order it is shown.
CANDIDATES = """
with numbered as (
    select member_id, rank, field, member_value, person_value, comparison, round(bits, 2) as bits,
           row_number() over () as place
    from evidence
), listed as (
    select member_id, rank,
           to_json(list({
               'field': field, 'member_value': member_value, 'person_value': person_value,
               'comparison': comparison, 'bits': bits
           } order by place))::varchar as evidence
    from numbered
    group by member_id, rank
)
select candidates.member_id, candidates.rank, candidates.person_id, candidates.posterior, candidates.score,
       coalesce(listed.evidence, '[]') as evidence
from candidates
left join listed using (member_id, rank)
order by candidates.member_id, candidates.rank
"""

CANDIDATES_AS_TEXT = """
select member_id, rank, person_id,
       printf('%.9f', posterior) as posterior, printf('%.6f', score) as score, evidence
from written
order by member_id, rank
"""


@dataclass(frozen=True, slots=True)
class LinkSummary:
    """How many members and people were read, and how many members came to which outcome."""

    members: int
    people: int
    matched: int
    review: int
    unmatched: int


def link_files(
    members: Path, directory: Path, out: Path, candidates: Path | None = None, *, policy: Policy | None = None
) -> LinkSummary:
    """Match the members of one file with the people of another; write `out` and, if asked for, `candidates`.

    Parquet or CSV, by the ending of each name. Raises InputError when a file can't be read or written, or an
    id is empty or comes twice.
    """
    written = [path for path in (out, candidates) if path is not None]
    for path in written:
        _ending(path)
        if any(path.resolve() == other.resolve() for other in (members, directory)):
            raise InputError(f"{path} is one of the files to read; write to another")
    if candidates is not None and candidates.resolve() == out.resolve():
        raise InputError(f"{out} can't take both the outcomes and the candidates")
    seats, people = read_members(members), read_people(directory)
    matched = match_people(with_low_privilege(seats), people, policy=policy)
    write_matched(matched, out, candidates)
    counts = matched.outcomes["outcome"].value_counts()
    matching, review, none = (int(counts.get(outcome, 0)) for outcome in ("matched", "review", "unmatched"))
    return LinkSummary(len(seats), len(people), matching, review, none)


def read_members(path: Path) -> pd.DataFrame:
    """Return one row per member with those of MEMBER_COLUMNS that the file has, all text."""
    frame = _read(path, MEMBER_COLUMNS)
    if not {"name", "first_name", "last_name", "email"} & set(frame.columns):
        raise InputError(f"{path} has neither a column name nor email")
    return frame


def with_low_privilege(members: pd.DataFrame) -> pd.DataFrame:
    """Add `by_name`: true for members whose role is known, and neither Full control nor about money."""
    if "role" not in members.columns:
        return members.assign(by_name=False)
    role = members["role"].str.strip().str.upper()
    low = (
        role.notna()
        & (role != "")
        & ~role.isin(["ADMIN", "MANAGE"])
        & ~role.str.startswith("FINANCE", na=False)
    )
    return members.assign(by_name=low)


def read_people(path: Path) -> pd.DataFrame:
    """Return one row per person with those of PERSON_COLUMNS that the file has; aliases are lists."""
    return _read(path, PERSON_COLUMNS)


def write_matched(matched: Matched, out: Path, candidates: Path | None) -> None:
    """Write the outcomes and, if asked for, the candidates with their evidence: complete files or none."""
    with duckdb.connect(config={"threads": 1}) as con:  # one thread: the same rows are the same bytes
        con.register("outcomes", matched.outcomes)
        is_text = _ending(out) == ".csv"
        _write(con.sql(OUTCOMES_AS_TEXT if is_text else OUTCOMES), out)
        if candidates is None:
            return
        con.register("candidates", matched.candidates)
        con.register("evidence", matched.evidence)
        con.execute(f"create temp table written as {CANDIDATES}")
        is_text = _ending(candidates) == ".csv"
        rows = con.sql(CANDIDATES_AS_TEXT) if is_text else con.table("written")
        _write(rows, candidates)


def _read(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Return those of the columns that the file has; the first is the id, and must be whole and unique."""
    if not path.is_file():
        raise InputError(f"{path} is not a file")
    frame = _read_csv(path, columns) if _ending(path) == ".csv" else _read_parquet(path, columns)
    if columns[0] not in frame.columns:
        raise InputError(f"{path} has no column {columns[0]}")
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
        raise InputError(f"{path} is not a table of comma-separated values: {_one_line(error)}") from error
    # Not `usecols`: with it pandas cuts rows that are longer than the header, without a word.
    named = _named(path, frame[[name for name in frame.columns if name.strip().lower() in columns]])
    if LIST in named.columns:
        named[LIST] = named[LIST].str.split(";")
    return named


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
        raise InputError(f"{path} is not a Parquet file that can be read: {_one_line(error)}") from error
    return _named(path, frame)


def _text(name: str, kind: str) -> str:
    """Return SQL for one of our columns as text, aliases as a list of texts; the name is quoted."""
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


def _write(rows: duckdb.DuckDBPyRelation, path: Path) -> None:
    """Write one file under a temporary name and put it in place."""
    with _in_place(path) as draft:
        if _ending(path) == ".csv":
            rows.write_csv(str(draft), header=True)
        else:
            rows.write_parquet(str(draft), compression="zstd")


@contextmanager
def _in_place(path: Path) -> Iterator[Path]:
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield draft
        draft.replace(path)
    except (duckdb.Error, OSError) as error:
        raise InputError(f"{path} can't be written: {_one_line(error)}") from error
    finally:
        draft.unlink(missing_ok=True)


def _ending(path: Path) -> str:
    ending = path.suffix.lower()
    if ending not in {".csv", ".parquet"}:
        raise InputError(f"{path} must end in .csv or .parquet")
    return ending


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
