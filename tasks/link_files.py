"""Match two files with no hub and no server: read them, match, write who each member is."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from matching.people.decide import Policy
from matching.people.stages import match_tables
from matching.people.tables import workspace
from tasks.errors import InputError
from tasks.link_input import ending, load_members, load_people, one_line

# One row per member. Numbers have a fixed number of places, so that equal results are equal files.
OUTCOMES_AS_TEXT = """
select member_id, outcome, person_id, rule, printf('%.9f', posterior) as posterior,
       printf('%.6f', score) as score, reason
from outcomes
order by m
"""

OUTCOMES = "select member_id, outcome, person_id, rule, posterior, score, reason from outcomes order by m"

# One row per (member, rank); evidence is a JSON list of what was compared, in the order it is shown.
CANDIDATES = """
select member_id, rank, person_id, posterior, score, to_json(evidence)::varchar as evidence
from explained
order by m, rank
"""

CANDIDATES_AS_TEXT = """
select member_id, rank, person_id, printf('%.9f', posterior) as posterior, printf('%.6f', score) as score,
       to_json(evidence)::varchar as evidence
from explained
order by m, rank
"""

LOW_PRIVILEGE = """
alter table members add column by_name varchar;
update members set by_name = coalesce(list_contains($low, role), false)::varchar
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
    policy = policy or Policy()
    with workspace() as con:
        load_members(con, members, "members")
        load_people(con, directory, "people")
        if policy.auto_match_by_name == "low_privilege":
            _mark_low_privilege(con)
        sizes = [len(con.table(name)) for name in ("members", "people")]
        match_tables(con, "members", "people", policy=policy, evidence=candidates is not None)
        _write(con.sql(OUTCOMES_AS_TEXT if ending(out) == ".csv" else OUTCOMES), out)
        if candidates is not None:
            is_text = ending(candidates) == ".csv"
            _write(con.sql(CANDIDATES_AS_TEXT if is_text else CANDIDATES), candidates)
        counted = con.execute("select outcome, count(*) from outcomes group by outcome").fetchall()
    counts = dict(counted)
    return LinkSummary(*sizes, *(counts.get(outcome, 0) for outcome in ("matched", "review", "unmatched")))


def _mark_low_privilege(con: duckdb.DuckDBPyConnection) -> None:
    """Add `by_name`: true for members whose role is known, and neither Full control nor about money."""
    from matching.roster.by_name import is_low  # here, because by default nobody has to wait for pandas

    low = []
    if "role" in con.table("members").columns:
        roles = con.execute("select distinct role from members").df()["role"]
        low = roles[is_low(roles)].to_list()
    else:
        con.execute("alter table members add column role varchar")
    con.execute(LOW_PRIVILEGE, {"low": low})


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
