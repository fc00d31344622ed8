"""Match two files with no hub and no server: read them, match, write who each member is."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from matching.people.link import Matched, Policy, match_people
from matching.roster.by_name import is_low
from tasks.errors import InputError
from tasks.link_input import ending, one_line, read_members, read_people

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
           '[' || string_agg(to_json({
               'field': field, 'member_value': member_value, 'person_value': person_value,
               'comparison': comparison, 'bits': bits
           })::varchar, ',' order by place) || ']' as evidence
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
        ending(path)
        if any(path.resolve() == other.resolve() for other in (members, directory)):
            raise InputError(f"{path} is one of the files to read; write to another")
    if candidates is not None and candidates.resolve() == out.resolve():
        raise InputError(f"{out} can't take both the outcomes and the candidates")
    seats, people = with_low_privilege(read_members(members)), read_people(directory)
    sizes = len(seats), len(people)
    read = [people, seats]
    del (
        seats,
        people,
    )  # handed over, so that matching can let go of them: a large directory takes some hundred MB
    matched = match_people(read.pop(), read.pop(), policy=policy, once=True)
    write_matched(matched, out, candidates)
    counts = matched.outcomes["outcome"].value_counts()
    matching, review, none = (int(counts.get(outcome, 0)) for outcome in ("matched", "review", "unmatched"))
    return LinkSummary(*sizes, matching, review, none)


def with_low_privilege(members: pd.DataFrame) -> pd.DataFrame:
    """Add `by_name`: true for members whose role is known, and neither Full control nor about money."""
    if "role" not in members.columns:
        return members.assign(by_name=False)
    return members.assign(by_name=is_low(members["role"]))


def write_matched(matched: Matched, out: Path, candidates: Path | None) -> None:
    """Write the outcomes and, if asked for, the candidates with their evidence: complete files or none."""
    with duckdb.connect(config={"threads": 1}) as con:  # one thread: the same rows are the same bytes
        con.register("outcomes", matched.outcomes)
        is_text = ending(out) == ".csv"
        _write(con.sql(OUTCOMES_AS_TEXT if is_text else OUTCOMES), out)
        if candidates is None:
            return
        con.register("candidates", matched.candidates)
        con.register("evidence", matched.evidence)
        con.execute(f"create temp table written as {CANDIDATES}")
        is_text = ending(candidates) == ".csv"
        rows = con.sql(CANDIDATES_AS_TEXT) if is_text else con.table("written")
        _write(rows, candidates)


def _write(rows: duckdb.DuckDBPyRelation, path: Path) -> None:
    """Write one file under a temporary name and put it in place."""
    with _in_place(path) as draft:
        if ending(path) == ".csv":
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
        raise InputError(f"{path} can't be written: {one_line(error)}") from error
    finally:
        draft.unlink(missing_ok=True)
